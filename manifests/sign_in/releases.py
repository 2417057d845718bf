"""The releases of sign-in, each with the wave that it is installed in.

Separate from the components because their order is one list that a reader sees at a glance.
"""

from collections.abc import Iterator

from mlplatform.config.settings import Settings
from mlplatform.manifests.entrance.secret_store import secret_store
from mlplatform.manifests.namespaces import AUTH, EXTERNAL_SECRETS, ISTIO, OAUTH2_PROXY
from mlplatform.manifests.release import Release
from mlplatform.manifests.sign_in import dex, dex_definitions, gateway_policies, oauth2_proxy, reloader
from mlplatform.manifests.sign_in.secrets import external_secrets


def sign_in_releases(settings: Settings) -> Iterator[Release]:
    """Yield the releases of sign-in, none where the environment has none of it.

    The gateway has its rules when it comes, so that nothing is ever behind an open one, and Secrets are there before who reads them.
    """
    if not settings.kubeflow.has("sign-in"):
        return
    stores = [*secret_store(settings, AUTH), *secret_store(settings, OAUTH2_PROXY)]
    taken = list(external_secrets(settings.names, settings.sign_in))
    yield Release("sign-in-definitions", AUTH, "foundations", objects=dex_definitions.objects())
    yield Release("reloader", EXTERNAL_SECRETS, "foundations", objects=reloader.objects(settings))
    yield Release("sign-in-secrets", AUTH, "gateway", objects=[*stores, *taken])
    yield Release("sign-in-policies", ISTIO, "gateway", objects=gateway_policies.objects(settings))
    yield Release("dex", AUTH, "sign-in", objects=dex.objects(settings))
    yield Release("oauth2-proxy", OAUTH2_PROXY, "sign-in", objects=oauth2_proxy.objects(settings))
