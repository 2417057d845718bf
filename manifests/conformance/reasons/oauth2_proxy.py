"""Why our oauth2-proxy, and the rules by which the gateway asks it, are not upstream's oauth2-proxy."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component, LeftOut
from mlplatform.manifests.conformance.reasons.shared import MESH_V1, NAMESPACE_LABELS, PODS_OF_OURS, no_open_namespace

_PODS = ("Deployment oauth2-proxy/oauth2-proxy",)
_GATEWAY_RULES = ("AuthorizationPolicy istio-system/istio-ingressgateway-*",)

COMPONENT = Component(
    "oauth2-proxy",
    part="sign-in",
    reasons=(
        *PODS_OF_OURS,
        MESH_V1,
        NAMESPACE_LABELS,
        Changed("`/dex/*` is every path below `/dex/` already: a path of Istio's ends in one star", ("rules",), _GATEWAY_RULES),
        Changed(
            "the token must be for our own client, and the mesh gets the keys from Dex's address in the cluster whatever the issuer is called",
            ("jwtRules",),
            ("RequestAuthentication istio-system/dex-jwt",),
        ),
        Changed(
            "what the ConfigMaps set is arguments instead, seen in the Deployment and rolled out with it",
            ("flags", "mounts", "volumes", "env: oauth2-proxy: OAUTH2_PROXY_CLIENT_ID"),
            _PODS,
        ),
        Changed(
            "the cookie is for TLS alone, in every environment; browsers take it on localhost too",
            ("env: oauth2-proxy: OAUTH2_PROXY_COOKIE_SECURE=*",),
            _PODS,
        ),
        Changed(
            "upstream skips the check of the issuer's certificate; ours is asked in the cluster, and nothing is skipped",
            ("env: oauth2-proxy: OAUTH2_PROXY_SSL_INSECURE_SKIP_VERIFY=*",),
            _PODS,
        ),
        Changed(
            "requests with a token of their own are the gateway's to judge and never come here, so that it need not judge tokens too",
            ("env: oauth2-proxy: OAUTH2_PROXY_SKIP_JWT_BEARER_TOKENS=*", "env: oauth2-proxy: OAUTH2_PROXY_EXTRA_JWT_ISSUERS=*"),
            _PODS,
        ),
        Changed(
            "its identity in the mesh is its own ServiceAccount, which upstream makes and does not use",
            ("serviceAccount",),
            _PODS,
        ),
        Changed(
            "the user and group are those of the image, said so that Pod Security need not ask the image",
            ("security: oauth2-proxy: runAs*=65532",),
            _PODS,
        ),
        Changed(
            "the gateway asks a pod only once it is ready; upstream sends it to those that are not",
            ("settings: publishNotReadyAddresses=true",),
            ("Service oauth2-proxy/oauth2-proxy",),
        ),
        LeftOut(
            "what they set is arguments of the Deployment instead, seen in it and rolled out with it",
            ("ConfigMap oauth2-proxy/oauth2-proxy", "ConfigMap oauth2-proxy/oauth2-proxy-parameters"),
        ),
        LeftOut("the page of sign-in shows no logo", ("ConfigMap oauth2-proxy/oauth2-proxy-theme",)),
        LeftOut(
            "its values are made in Secrets Manager, for each environment anew, and External Secrets makes the Secret from them",
            ("Secret oauth2-proxy/oauth2-proxy",),
        ),
        LeftOut(
            "the policy `oauth2-proxy` lets the gateway in, on the one port that it asks at",
            ("NetworkPolicy oauth2-proxy/allow-istio-ingressgateway",),
        ),
        no_open_namespace("NetworkPolicy oauth2-proxy/default-allow-same-namespace-oauth2-proxy"),
        Added("the gateway reaches it, on the one port that it asks at", ("NetworkPolicy oauth2-proxy/oauth2-proxy",)),
        Added("a drained node must not take both replicas at once", ("PodDisruptionBudget oauth2-proxy/oauth2-proxy",)),
        Added(
            "programs sign in with tokens of the cluster's own issuer, which upstream does in another overlay",
            ("RequestAuthentication istio-system/m2m-token-issuer",),
        ),
        Added(
            "secrets of sign-in are made in Secrets Manager and brought in by an account that can read these and no others",
            (
                "ExternalSecret auth/*",
                "ExternalSecret oauth2-proxy/*",
                "Role auth/secret-reader",
                "Role oauth2-proxy/secret-reader",
                "RoleBinding auth/secret-reader",
                "RoleBinding oauth2-proxy/secret-reader",
                "SecretStore auth/secrets-manager",
                "SecretStore oauth2-proxy/secrets-manager",
                "ServiceAccount auth/secret-reader",
                "ServiceAccount oauth2-proxy/secret-reader",
            ),
        ),
        Added(
            "when a secret changes in Secrets Manager, Reloader starts anew what has read it, in these namespaces and no others",
            ("* external-secrets/reloader", "* auth/reloader", "* oauth2-proxy/reloader"),
        ),
    ),
)
