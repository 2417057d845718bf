"""The class of volumes."""

from mlplatform.manifests.compute import storage


def test_a_claim_that_names_no_class_gets_an_encrypted_volume_where_its_pod_runs() -> None:
    (found,) = storage.objects()
    assert found["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert found["parameters"] == {"type": "gp3", "encrypted": "true"}
    assert found["volumeBindingMode"] == "WaitForFirstConsumer"
