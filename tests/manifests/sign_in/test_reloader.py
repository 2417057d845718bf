"""Reloader: what it restarts, and what it may read."""

from tests.manifests.sign_in.people import connectors, main, objects, one


def test_it_reads_secrets_only_where_something_starts_anew_with_them() -> None:
    marked = {
        obj["metadata"]["namespace"]
        for obj in objects(connectors())
        if obj["kind"] == "Deployment"
        and obj["spec"]["template"]["metadata"].get("annotations", {}).get("secret.reloader.stakater.com/auto") == "true"
    }
    roles = {
        obj["metadata"]["namespace"]: obj
        for obj in objects(connectors())
        if obj["metadata"]["name"] == "reloader" and obj["kind"] == "Role"
    }
    assert set(roles) == marked
    assert f"--namespaces={','.join(sorted(marked))}" in main(connectors(), "reloader")["args"]


def test_it_has_no_right_in_the_whole_cluster() -> None:
    assert not [obj for obj in objects(connectors()) if obj["kind"].startswith("ClusterRole")]


def test_it_changes_workloads_and_no_secret() -> None:
    rules = [
        rule for obj in objects(connectors()) if obj["metadata"]["name"] == "reloader" and obj["kind"] == "Role" for rule in obj["rules"]
    ]
    assert all(rule["verbs"] == ["list", "watch"] for rule in rules if "secrets" in rule["resources"])


def test_every_pod_that_reads_a_secret_starts_anew_with_it() -> None:
    for obj in objects(connectors()):
        if obj["kind"] != "Deployment":
            continue
        template = obj["spec"]["template"]
        reads = "secretKeyRef" in str(template) or "secretName" in str(template)
        marked = template["metadata"].get("annotations", {}).get("secret.reloader.stakater.com/auto") == "true"
        assert marked is reads, obj["metadata"]["name"]


def test_its_pod_is_found_by_its_bindings() -> None:
    account = one(connectors(), "Deployment", "reloader")["spec"]["template"]["spec"]["serviceAccountName"]
    bindings = [obj for obj in objects(connectors()) if obj["kind"] == "RoleBinding" and obj["metadata"]["name"] == "reloader"]
    assert [binding["subjects"] for binding in bindings] == [
        [{"kind": "ServiceAccount", "name": account, "namespace": "external-secrets"}],
    ] * 2
