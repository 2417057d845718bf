"""What the gateway lets in: whom oauth2-proxy or a token vouches for, and nobody else.

Separate from the gateway because it is all that stands between a network and the platform, and is read as one.
Source: https://istio.io/latest/docs/reference/config/security/ .
"""

from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests.late import late
from mlplatform.manifests.namespaces import ISTIO
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj
from mlplatform.manifests.shapes.mesh import authorization_policy
from mlplatform.manifests.sign_in.addresses import DEX, issuer
from mlplatform.manifests.sign_in.dex_config import CLIENT_ID

TOKEN_ISSUER = "token_issuer"  # noqa: S105 - a name
"""The late value that holds the URL of the cluster's own issuer, as EKS says it: `https://oidc.eks.REGION.SUFFIX/id/ID`."""
MACHINE_AUDIENCES = ("pipelines.kubeflow.org", "istio-ingressgateway.istio-system.svc.cluster.local")
"""Whom a program's token must be for: that of the `kfp` SDK, or the gateway by `kubectl create token --audience`."""
PROVIDER = "oauth2-proxy"
"""Whom the mesh asks, by its name in the mesh's own configuration."""
_GATEWAY = {"app": "istio-ingressgateway"}
_COMPONENT = "sign-in"
_SIGN_IN_ITSELF = ("/dex/*", "/oauth2/*")
"""Paths that nobody is asked to have signed in for: both end at programs that judge by themselves."""
_USER = "kubeflow-userid"
_GROUPS = "kubeflow-groups"


def objects(settings: Settings) -> list[Object]:
    """Return whose tokens the gateway knows, and that it lets in nothing without one."""
    return [*authentications(settings), *authorizations()]


def authentications(settings: Settings) -> list[Object]:
    """Return whose tokens the gateway knows; it writes who they are for into headers that Kubeflow's components read."""
    people = {
        "issuer": issuer(settings.ingress, settings.sign_in),
        "jwksUri": f"{DEX}/keys",
        "audiences": [CLIENT_ID],
        "outputClaimToHeaders": [{"header": _USER, "claim": "email"}, {"header": _GROUPS, "claim": "groups"}],
    }
    # A token for the API server or for IAM is not for the gateway, which hands it on to the pods of tenants.
    programs = {
        "issuer": late(TOKEN_ISSUER),
        "audiences": list(MACHINE_AUDIENCES),
        # No such token has groups. The gateway drops a client's own headers only where the rule that takes the token writes them.
        # https://github.com/envoyproxy/envoy/pull/46586
        "outputClaimToHeaders": [{"header": _USER, "claim": "sub"}, {"header": _GROUPS, "claim": "groups"}],
    }
    made = [_authentication("dex-jwt", people)]
    return [*made, _authentication("m2m-token-issuer", programs)] if settings.sign_in.machine_tokens == "cluster" else made


def authorizations() -> list[Object]:
    """Return the two rules: oauth2-proxy judges requests without a token, and what has none after that is refused."""
    elsewhere = {"operation": {"notPaths": list(_SIGN_IN_ITSELF)}}
    without_token = {"key": "request.headers[authorization]", "notValues": ["*"]}
    nobody = {"source": {"notRequestPrincipals": ["*"]}}
    return [
        authorization_policy(
            "istio-ingressgateway-oauth2-proxy",
            ISTIO,
            action="CUSTOM",
            provider=PROVIDER,
            rules=[{"to": [elsewhere], "when": [without_token]}],
            pods=_GATEWAY,
            component=_COMPONENT,
        ),
        authorization_policy(
            "istio-ingressgateway-require-jwt",
            ISTIO,
            action="DENY",
            rules=[{"from": [nobody], "to": [elsewhere]}],
            pods=_GATEWAY,
            component=_COMPONENT,
        ),
    ]


def _authentication(name: str, jwt_rule: dict[str, Any]) -> Object:
    header = {"fromHeaders": [{"name": "Authorization", "prefix": "Bearer "}], "forwardOriginalToken": True}
    spec = {"selector": {"matchLabels": _GATEWAY}, "jwtRules": [{**jwt_rule, **header}]}
    return obj("security.istio.io/v1", "RequestAuthentication", metadata(name, ISTIO, component=_COMPONENT), spec=spec)
