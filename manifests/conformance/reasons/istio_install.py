"""Why we have Istio from its own charts, of which upstream's istio-install is a rendering, and which rules of the mesh are ours."""

from mlplatform.manifests.conformance.reason import Added, Changed, Component, FromChart, LeftOut
from mlplatform.manifests.conformance.reasons.shared import MESH_V1

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
        FromChart("istio-cni", objects=("* istio-cni", "* istio-cni-*", "* kube-system/istio-cni*")),
        LeftOut(
            "another cluster's control plane would read all Secrets by it, and the mesh is of one cluster",
            ("* istio-reader-*", "ServiceAccount istio-system/istio-reader-service-account"),
        ),
        FromChart(
            "istio-ingressgateway",
            "which calls the role by the name of the gateway's account, and has it where the gateway shows a certificate",
            ("Role istio-system/istio-ingressgateway-sds", "RoleBinding istio-system/istio-ingressgateway-sds"),
        ),
        FromChart("istio-ingressgateway", objects=("* istio-system/istio-ingressgateway*",)),
        FromChart(
            "istiod",
            objects=("* istiod-*", "* istio-sidecar-injector", "* istio-validator-istio-system", "* istio-system/*"),
        ),
        Added(
            "a balancer of the environment's leads to the gateway, where the environment says so; upstream leaves the way in to others",
            ("Service istio-system/istio-ingressgateway-balancer",),
        ),
    ),
)
