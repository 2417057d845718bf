"""Values that no object, chart value or template may hold: secrets, and what upstream publishes as one."""

import re
from collections.abc import Iterator, Mapping

from mlplatform.manifests.objects import entries, kind_of, walk
from tests.manifests.hardening.installed import Installed, ref

PUBLISHED: Mapping[str, str] = {
    "kubeflow-oidc-authservice": "Dex's client",
    "pUBnBOY80SnXgjibTYM9ZWNzY2xreNGQok": "the secret of Dex's client",
    "N2QxNmZlZTkyZjhkMTFiODk0MGIwODFiM2Y4YjhhY2I": "oauth2-proxy's cookie secret",
    "7d16fee92f8d11b8940b081b3f8b8acb": "the same, decoded",
    "12341234": "everybody's first password",
    "$2y$12$4K/VkmDd": "its hash",
    "15841185641784": "the id of everybody's first user",
    "kubeflow-user-example-com": "everybody's first namespace",
    "minio123": "the password of the store of artifacts",
    "mlpipeline-minio-artifact": "the Secret that holds it",
    "MYSQL_ALLOW_EMPTY_PASSWORD": "how the database gets no password",
    "MYSQL_ROOT_PASSWORD": "how it gets a public one",
    "ALLOW_SELF_SIGNED_ISSUER": "how oauth2-proxy believes everybody",
    "skip-verify": "the same, as an argument",
    "insecureSkipVerify": "how Dex does",
    "insecureNoSSL": "how Dex asks a directory in the clear",
    "--cookie-secure=false": "how cookies travel in the clear",
    "allowCustomImage: true": "how notebooks run any image",
}
"""What upstream ships to everybody (facts of its release 26.03.1), and settings by which the same would come about."""
_SECRET_NAME = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|COOKIE_KEY|PRIVATE_KEY|ACCESS_KEY|CREDENTIAL", re.IGNORECASE)


def holds_a_secrets_value(installed: Installed) -> Iterator[str]:
    for _, obj in installed.objects:
        if kind_of(obj) == "Secret" and any(obj.get(field) for field in ("data", "stringData")):
            yield str(ref(obj))


def shows_a_secret_in_a_variable(installed: Installed) -> Iterator[str]:
    for workload in installed.workloads:
        for where, container in workload.containers():
            for variable in entries(container, "env"):
                if _SECRET_NAME.search(variable["name"]) and variable.get("value"):
                    yield f"{where}: {variable['name']}"


def says_what_upstream_tells_everybody(installed: Installed) -> Iterator[str]:
    for _, obj in installed.objects:
        yield from (f"{ref(obj)}: {found}" for found in published(obj))
    for _, release in installed.charts:
        yield from (f"values of {release.name}: {found}" for found in published(release.values))


def published(value: object) -> list[str]:
    """Return what of the published values a thing holds, in any of its texts and keys."""
    texts = "\n".join(found if isinstance(found, str) else "" for _, found in walk(value))
    keys = "\n".join(str(path[-1]) for path, _ in walk(value) if path)
    return [known for known in PUBLISHED if known in texts or known in keys]
