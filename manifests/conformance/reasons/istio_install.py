"""Why we have Istio from its own charts, of which upstream's istio-install is a rendering, and which rules of the mesh are ours."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component, FromChart, LeftOut, Renamed
from mlplatform.manifests.conformance.reasons.shared import MESH_V1, PLACEMENT, RESOURCES

_PODS = ("Deployment istio-system/*",)
_REPLICAS = Changed(
    "no node is the only one that people come by, nor the only one that starts pods, and what the system nodes hold is the limit",
    ("minReplicas", "maxReplicas"),
)
_FIRST = Changed("pods of the mesh wait for it, and it has room before others", ("placement: priorityClassName",), _PODS)
_INJECTED = "the chart leaves the proxy to the injector, which fills it in when a pod starts, where upstream renders a whole proxy of an older chart"
_ROLE = "the chart calls the role by the name of the gateway's account"

_GATEWAY = (
    RESOURCES,
    PLACEMENT,
    _REPLICAS,
    _FIRST,
    Changed(
        _INJECTED,
        ("env", "flags", "image", "mounts", "ports", "probes", "sidecar", "volumes", "security: istio-proxy: pod.fsGroup=1337"),
        _PODS,
    ),
    Changed("a rollout of the gateway replaces a quarter of its pods at a time and needs no room for twice as many", ("strategy",), _PODS),
    *(
        Renamed(_ROLE, f"{kind} istio-system/istio-ingressgateway-sds", f"{kind} istio-system/istio-ingressgateway-service-account")
        for kind in ("Role", "RoleBinding")
    ),
    Changed(_ROLE, ("role",), ("RoleBinding istio-system/istio-ingressgateway-sds",)),
    LeftOut(
        "the gateway reads Secrets where it shows a certificate, and not in an environment that people come to by forwarded ports alone",
        ("Role istio-system/istio-ingressgateway-sds", "RoleBinding istio-system/istio-ingressgateway-sds"),
    ),
)
_CONTROL_PLANE = (
    RESOURCES,
    PLACEMENT,
    _REPLICAS,
    _FIRST,
    Changed(
        "the chart names Prometheus as whom the mesh tells its metrics, and leaves out what has no content",
        ("settings: mesh: defaultProviders.*", "settings: mesh: defaultConfig.*={}"),
        ("ConfigMap istio-system/istio",),
    ),
    Changed(
        "the chart's own templates and values, ours among them, from which the rest of it is made",
        ("settings",),
        ("ConfigMap istio-system/istio-sidecar-injector", "ConfigMap istio-system/values"),
    ),
)

COMPONENT = Component(
    "istio-install",
    part="entrance",
    reasons=(
        MESH_V1,
        Changed(
            "proxies learn of the namespaces that there are: the platform has no Knative, and no Trainer yet",
            ("egress",),
            ("Sidecar istio-system/default",),
        ),
        LeftOut("the exception is for a component that the platform has not got yet", ("Sidecar kubeflow/*-exception",)),
        LeftOut(
            "components are found behind `kubeflow-gateway`, here as upstream, and nothing names this one of Istio's default profile",
            ("Gateway istio-system/istio-ingressgateway",),
        ),
        FromChart("istio-cni", objects=("* istio-cni", "* istio-cni-*", "* kube-system/istio-cni*"), changes=(RESOURCES,)),
        LeftOut(
            "another cluster's control plane would read all Secrets by it, and the mesh is of one cluster",
            ("* istio-reader-*", "ServiceAccount istio-system/istio-reader-service-account"),
        ),
        FromChart("istio-ingressgateway", objects=("* istio-system/istio-ingressgateway*",), changes=_GATEWAY),
        FromChart(
            "istiod",
            objects=("* istiod-*", "* istio-sidecar-injector", "* istio-validator-istio-system", "* istio-system/*"),
            changes=_CONTROL_PLANE,
        ),
        Added(
            "a balancer of the environment's leads to the gateway, where the environment says so; upstream leaves the way in to others",
            ("Service istio-system/istio-ingressgateway-balancer",),
        ),
    ),
)
