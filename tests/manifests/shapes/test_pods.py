"""Pods and what they are given."""

from mlplatform.manifests.shapes import Resources, checksum, container, exec_probe, http_probe, pod, tcp_probe, variable


def test_a_container_is_restricted_unless_it_says_otherwise() -> None:
    plain = container("main", "registry.example.com/main:1", Resources(cpu="10m", memory="64Mi"))
    assert plain["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    writing = container("main", "image", Resources(cpu="10m", memory="64Mi"), security={"readOnlyRootFilesystem": False})
    assert writing["securityContext"] == {**plain["securityContext"], "readOnlyRootFilesystem": False}


def test_memory_is_limited_to_what_is_asked_for_unless_more_is_said_and_cpu_is_not() -> None:
    assert Resources(cpu="10m", memory="64Mi").spec() == {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}}
    assert Resources(cpu="10m", memory="64Mi", memory_limit="1Gi").spec()["limits"] == {"memory": "1Gi"}


def test_a_variable_has_a_value_or_that_of_a_field_or_a_secrets() -> None:
    assert variable("HOST", "dex.auth.svc") == {"name": "HOST", "value": "dex.auth.svc"}
    assert variable("NODE", field="spec.nodeName") == {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}
    secret = {"name": "COOKIE", "valueFrom": {"secretKeyRef": {"name": "oauth2-proxy", "key": "cookie-secret"}}}
    assert variable("COOKIE", secret=("oauth2-proxy", "cookie-secret")) == secret


def test_a_pod_without_an_account_gets_no_token() -> None:
    assert pod({}, [])["spec"]["automountServiceAccountToken"] is False
    assert pod({}, [], account="dex")["spec"] == {"serviceAccountName": "dex", "containers": []}


def test_pods_are_replaced_when_what_they_read_changes_and_only_then() -> None:
    before = checksum({"config.yaml": "a: 1", "other": "x"})
    assert before == checksum({"other": "x", "config.yaml": "a: 1"})
    assert before != checksum({"config.yaml": "a: 2", "other": "x"})


def test_probes_ask_by_http_by_a_connection_or_by_a_command() -> None:
    assert http_probe("/healthz", "http", delay=5) == {
        "httpGet": {"path": "/healthz", "port": "http", "scheme": "HTTP"},
        "initialDelaySeconds": 5,
        "periodSeconds": 10,
        "failureThreshold": 3,
    }
    assert tcp_probe(4443)["tcpSocket"] == {"port": 4443}
    assert exec_probe("test", "-e", "/ready")["exec"] == {"command": ["test", "-e", "/ready"]}
