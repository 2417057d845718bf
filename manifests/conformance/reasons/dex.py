"""Why our Dex is not upstream's dex."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component, LeftOut
from mlplatform.manifests.conformance.reasons.shared import MESH_V1, NAMESPACE_LABELS, PODS_OF_OURS, no_open_namespace

_PODS, _CONFIG = ("Deployment auth/dex",), ("ConfigMap auth/dex",)

COMPONENT = Component(
    "dex",
    part="sign-in",
    reasons=(
        *PODS_OF_OURS,
        MESH_V1,
        NAMESPACE_LABELS,
        Changed(
            "who vouches for people is the environment's to say; upstream has one person with a password that everybody knows",
            ("settings: config.yaml: connectors*", "settings: config.yaml: staticPasswords*", "settings: config.yaml: issuer=*"),
            _CONFIG,
        ),
        Changed("debug is for debugging, and the log agent reads JSON", ("settings: config.yaml: logger.*",), _CONFIG),
        Changed(
            "the client has an id of its own, so that no token of another installation is good here",
            ("settings: config.yaml: staticClients*.id*=*", "env: dex: OIDC_CLIENT_ID"),
            (*_CONFIG, *_PODS),
        ),
        Changed(
            "a token is good as long as the environment says, and a page that nobody uses for half an hour",
            ("settings: config.yaml: expiry.*",),
            _CONFIG,
        ),
        Changed(
            "the one client needs one kind of grant, and Dex offers no other",
            ("settings: config.yaml: oauth2.grantTypes*", "settings: config.yaml: oauth2.responseTypes*"),
            _CONFIG,
        ),
        Changed(
            "the mesh learns of a new signing key a moment late: keys change weekly instead of every six hours",
            ("settings: config.yaml: signer.*",),
            _CONFIG,
        ),
        Changed(
            "its kinds are installed before it, and it has no right to define any",
            ("settings: config.yaml: storage.config.crdHandling=check",),
            _CONFIG,
        ),
        Changed("a page that asks for passwords is shown in no other page", ("settings: config.yaml: web.headers.*",), _CONFIG),
        Changed(
            "a Dex that hangs is started anew, which upstream has no probe for",
            ("settings: config.yaml: telemetry.http=*", "ports: dex: 5558 health", "probes: dex: liveness *"),
            (*_CONFIG, *_PODS),
        ),
        Changed(
            "secrets of people and connectors are variables, one each, from Secrets that External Secrets makes",
            ("env: dex: DEX_USER_PASSWORD", "env: dex: PASSWORD_*", "env: dex: CONNECTOR_*", "env: dex: DOLLAR=*"),
            _PODS,
        ),
        Changed(
            "a provider sends browsers back to one address, and whoever came by a forwarded port must come back to it: a Dex of their own",
            ("http",),
            ("VirtualService auth/dex",),
        ),
        Changed(
            "a directory's own authority is mounted, where the environment names one",
            ("mounts: dex: /etc/dex/authorities/*", "volumes: secret dex-connector-*"),
            _PODS,
        ),
        LeftOut(
            "upstream lets it define kinds in the whole cluster and change every kind of its own everywhere; ours has a Role in its namespace",
            ("ClusterRole dex", "ClusterRoleBinding dex"),
        ),
        LeftOut(
            "its values are made in Secrets Manager, for each environment anew, and External Secrets makes the Secret from them",
            ("Secret auth/dex-oidc-client", "Secret auth/dex-passwords"),
        ),
        LeftOut(
            "the policy `dex` lets the same three in, on the one port that they use",
            ("NetworkPolicy auth/allow-istio-and-oauth2-proxy",),
        ),
        no_open_namespace("NetworkPolicy auth/default-allow-same-namespace-auth"),
        Added(
            "the gateway, oauth2-proxy and the mesh's control plane reach it, on the one port that they use", ("NetworkPolicy auth/dex",)
        ),
        Added(
            "a provider sends browsers back to one address, and whoever came by a forwarded port must come back to it: a Dex of their own",
            ("* auth/dex-port-forward",),
        ),
        Added("a drained node must not take both replicas at once", ("PodDisruptionBudget auth/dex",)),
        Added("it writes three of its kinds in its own namespace, and nothing elsewhere", ("Role auth/dex", "RoleBinding auth/dex")),
        Added(
            "it looks for all its kinds when it starts: with them here it needs no right to define kinds",
            ("CustomResourceDefinition *.dex.coreos.com",),
        ),
    ),
)
