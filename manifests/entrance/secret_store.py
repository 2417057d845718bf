"""Where a namespace's ExternalSecrets are read from: Secrets Manager, with a role of that namespace's own.

Separate because every namespace that takes secrets gets the same four objects, and none reads another's.
Source: https://external-secrets.io/latest/provider/aws-access/#eks-service-account-credentials .
"""

from mlplatform.config.settings import Settings
from mlplatform.manifests.namespaces import EXTERNAL_SECRETS
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj, role, role_binding, rule, service_account

API = "external-secrets.io"
STORE = "secrets-manager"
"""The SecretStore's name, the same in every namespace: `secretStoreRef: {kind: SecretStore, name: secrets-manager}`."""
READER = "secret-reader"
"""The ServiceAccount whose role reads; no pod runs as it."""
CONTROLLER = "external-secrets"
"""The ServiceAccount of External Secrets, in its own namespace."""


def reader_purpose(namespace: str) -> str:
    """Return the purpose of the role that reads a namespace's secrets, by which `Names.role` and `Names.role_arn` call it."""
    return f"secrets-{namespace}"


def secret_store(settings: Settings, namespace: str) -> list[Object]:
    """Return a namespace's SecretStore, the ServiceAccount that it reads as, and the controller's right to ask for that one's tokens.

    What the role may read is said by `mlplatform.constructs.secret_reader`.
    """
    tokens = rule("", ["serviceaccounts/token"], ["create"], names=[READER])
    return [
        service_account(READER, namespace, role_arn=settings.names.role_arn(reader_purpose(namespace))),
        role(READER, namespace, [tokens]),
        role_binding(READER, namespace, READER, CONTROLLER, account_namespace=EXTERNAL_SECRETS),
        _store(namespace, settings.region),
    ]


def _store(namespace: str, region: str) -> Object:
    reads_as = {"jwt": {"serviceAccountRef": {"name": READER}}}
    provider = {"aws": {"service": "SecretsManager", "region": region, "auth": reads_as}}
    return obj(f"{API}/v1", "SecretStore", metadata(STORE, namespace), spec={"provider": provider})
