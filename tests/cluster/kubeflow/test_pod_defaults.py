"""The real PodDefaults webhook under our account, asked by a real API server as our configuration says."""

import copy
import ssl
import urllib.request
from base64 import b64encode
from collections.abc import Generator
from typing import Any

import pytest

from mlplatform.local.cluster.ports import free_ports, listens
from mlplatform.manifests.kubeflow import pod_defaults
from tests.cluster.admission.pods import admitted, pod
from tests.cluster.cluster import RefusedError
from tests.cluster.kubeflow.conftest import Tenancy
from tests.cluster.kubeflow.programs import named, until
from tests.manifests.kubeflow.found import one

PROGRAM = ("MLP_PODDEFAULTS_WEBHOOK", "poddefaults-webhooks", "poddefaults-webhook-service-account")


@pytest.fixture(scope="module")
def asked(request: pytest.FixtureRequest) -> Generator[Tenancy]:
    """A tenant with a PodDefault, while the webhook answers; the certificate is the API server's own."""
    program = named(*PROGRAM)
    tenancy: Tenancy = request.getfixturevalue("tenancy")
    tenancy.install()
    [port], own = free_ports(1), tenancy.plane.certificates
    arguments = [f"--webhookPort={port}", f"--tlsCertFile={own.certificate}", f"--tlsKeyFile={own.key}"]
    with program.run(tenancy.cluster, tenancy.folder, arguments):
        until(lambda: listens(port), "the webhook listens")
        configuration = configured(tenancy, f"https://127.0.0.1:{port}")
        tenancy.cluster.apply(configuration, token(tenancy.name))
        yield tenancy
        tenancy.cluster.kubectl("delete", configuration["kind"], configuration["metadata"]["name"])


def configured(tenancy: Tenancy, url: str) -> dict[str, Any]:
    """Return our configuration for a webhook that is no Service."""
    made = copy.deepcopy(one(pod_defaults.objects(tenancy.settings), "MutatingWebhookConfiguration"))
    [webhook] = made["webhooks"]
    authority = b64encode(tenancy.plane.certificates.authority.read_bytes()).decode()
    webhook["clientConfig"] = {"url": url + webhook["clientConfig"]["service"]["path"], "caBundle": authority}
    return made


def token(namespace: str) -> dict[str, Any]:
    """Return a PodDefault as people write it for access to Kubeflow Pipelines."""
    projected = {"serviceAccountToken": {"path": "token", "expirationSeconds": 7200, "audience": "pipelines.kubeflow.org"}}
    return {
        "apiVersion": "kubeflow.org/v1alpha1",
        "kind": "PodDefault",
        "metadata": {"name": "access", "namespace": namespace},
        "spec": {
            "desc": "Allow access to Kubeflow Pipelines",
            "selector": {"matchLabels": {"access": "true"}},
            "env": [{"name": "KF_PIPELINES_SA_TOKEN_PATH", "value": "/var/run/secrets/kubeflow/pipelines/token"}],
            "volumes": [{"name": "token", "projected": {"sources": [projected]}}],
            "volumeMounts": [{"name": "token", "mountPath": "/var/run/secrets/kubeflow/pipelines", "readOnly": True}],
        },
    }


def chosen() -> dict[str, Any]:
    made = copy.deepcopy(dict(pod()))
    made["metadata"]["labels"] = {**made["metadata"].get("labels", {}), "access": "true"}
    return made


def test_a_pod_that_asks_for_them_gets_its_namespaces_defaults(asked: Tenancy) -> None:
    until(lambda: "env" in admitted(asked.cluster, asked.name, chosen())["spec"]["containers"][0], "the API server asks the webhook")
    spec = admitted(asked.cluster, asked.name, chosen())["spec"]
    assert spec["containers"][0]["env"] == [{"name": "KF_PIPELINES_SA_TOKEN_PATH", "value": "/var/run/secrets/kubeflow/pipelines/token"}]
    assert "token" in [volume["name"] for volume in spec["volumes"]]


def test_another_pod_of_the_namespace_stays_as_it_is(asked: Tenancy) -> None:
    assert "env" not in admitted(asked.cluster, asked.name, pod())["spec"]["containers"][0]


def test_the_kubelets_probe_is_answered_by_the_certificate_that_the_api_server_trusts(asked: Tenancy) -> None:
    [webhook] = asked.cluster.get("mutatingwebhookconfiguration", configured(asked, "")["metadata"]["name"])["webhooks"]
    trusted = ssl.create_default_context(cafile=asked.plane.certificates.authority)
    with urllib.request.urlopen(webhook["clientConfig"]["url"], context=trusted, timeout=10) as answer:  # noqa: S310 - loopback
        assert answer.status == 200


def test_asked_the_newer_question_it_would_let_no_pod_start(asked: Tenancy) -> None:
    # So that the order of versions in our configuration is not taken for a matter of taste.
    made = configured(asked, "https://127.0.0.1:1")
    [ours] = asked.cluster.get(made["kind"], made["metadata"]["name"])["webhooks"]
    made["metadata"]["name"] += "-newer"
    made["webhooks"][0] |= {"name": "newer.example.com", "admissionReviewVersions": ["v1"], "clientConfig": ours["clientConfig"]}
    asked.cluster.apply(made)
    try:
        until(lambda: refused(asked), "the API server refuses the answer")
    finally:
        asked.cluster.kubectl("delete", made["kind"], made["metadata"]["name"])


def refused(asked: Tenancy) -> bool:
    try:
        admitted(asked.cluster, asked.name, chosen())
    except RefusedError as error:
        return "expected webhook response of admission.k8s.io/v1" in str(error)
    return False
