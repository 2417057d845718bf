"""Why something is not as hardened as all else: a sentence for each, and none that has outlived what it was for."""

from collections.abc import Mapping

_GPU_SOCKET = "the kubelet's directory of device plugins belongs to root, and it has no capability to do anything else as root"
_MPS = "NVIDIA's daemon mounts memory for the pods that share a GPU and finds its server among the node's processes; it runs where sharing by MPS was asked for"
_WEBHOOK = "the API server calls from addresses that nobody can name, and what answers checks nothing but what it is shown"
_NODE_FILES = "its work is in directories of the node, which it mounts and no others"
_HANDS_OUT = "it makes people's bindings to Kubeflow's own roles, those alone by name; admission holds it to tenants' namespaces"

REASONS: Mapping[str, Mapping[str, str]] = {
    "runs_as_root": {
        "DaemonSet node-agents/dcgm-exporter: dcgm-exporter": "the kubelet's socket that says which pod has which GPU belongs to root",
        "DaemonSet node-agents/log-agent: log-agent": "files of containers' logs, and its record of how far it has read, belong to root",
        "DaemonSet node-agents/nvidia-device-plugin: nvidia-device-plugin": _GPU_SOCKET,
        "DaemonSet node-agents/nvidia-device-plugin-mps-4: nvidia-device-plugin": _GPU_SOCKET,
        "DaemonSet node-agents/nvidia-device-plugin-mps-4: wait-for-mps": "the daemon's directory on the node belongs to root",
        "DaemonSet node-agents/nvidia-device-plugin-time-slicing-4: nvidia-device-plugin": _GPU_SOCKET,
        "DaemonSet node-agents/nvidia-mps-4: mount-memory": _MPS,
        "DaemonSet node-agents/nvidia-mps-4: nvidia-mps": _MPS,
    },
    "may_gain_privileges": {
        "DaemonSet node-agents/nvidia-mps-4: mount-memory": _MPS,
        "DaemonSet node-agents/nvidia-mps-4: nvidia-mps": _MPS,
    },
    "keeps_capabilities": {
        "DaemonSet node-agents/nvidia-mps-4: mount-memory": _MPS,
        "DaemonSet node-agents/nvidia-mps-4: nvidia-mps": _MPS,
    },
    "is_never_asked_whether_it_lives": {
        "DaemonSet node-agents/nvidia-mps-4: nvidia-mps": "to start it anew ends every pod that shares its GPUs: whoever finds it stuck decides when",
    },
    "shares_what_is_its_nodes": {
        "DaemonSet node-agents/dcgm-exporter": _NODE_FILES,
        "DaemonSet node-agents/log-agent": _NODE_FILES,
        "DaemonSet node-agents/nvidia-device-plugin": _NODE_FILES,
        "DaemonSet node-agents/nvidia-device-plugin-mps-4": _NODE_FILES,
        "DaemonSet node-agents/nvidia-device-plugin-time-slicing-4": _NODE_FILES,
        "DaemonSet node-agents/nvidia-mps-4": _MPS,
    },
    "runs_once": {
        "Deployment auth/dex-port-forward": "it serves whoever forwards a port by hand, beside the Dex that everybody else signs in by",
        "Deployment external-secrets/reloader": "while it is away a changed secret waits, and nothing that runs stops",
        "Deployment kubeflow/profiles-deployment": "while it is away a new tenant waits, and those that are there work on",
    },
    "has_pods_and_is_not_closed": {
        "Namespace kube-system": "the cluster's own pods and EKS's add-ons are in it, whose connections are AWS's to know",
    },
    "lets_everyone_in": {
        "NetworkPolicy cert-manager/cert-manager-webhook: 10250": _WEBHOOK,
        "NetworkPolicy external-secrets/external-secrets-webhook: 10250": _WEBHOOK,
        "NetworkPolicy istio-system/istiod: 15017, 15012": "the API server asks it as a webhook, and sidecars of every namespace for what they may know, by a certificate or token each",
        "NetworkPolicy kubeflow/poddefaults: 4443": _WEBHOOK,
    },
    "may_give_rights_that_it_has_not": {
        "ServiceAccount kubeflow/profiles-controller-service-account": _HANDS_OUT,
        "ServiceAccount kubeflow/profiles-kfam": _HANDS_OUT,
    },
    "may_lose_all_replicas_of_a_chart_to_a_drained_node": {
        "istiod": "the chart has a budget of its own: one replica at least stays",
    },
}
"""By rule, and then by what breaks it."""

_SIGNS = "it signs certificates for Secrets in whichever namespace asks for one, and its chart knows one namespace or all"
_INJECTS = "it writes authorities from Secrets of whichever namespace into webhooks and kinds, which is all that it is for"
_NO_PROBE = "its chart offers none, and one of its two replicas holds a lease that it loses when it hangs"

OF_CHARTS: Mapping[str, Mapping[str, str]] = {
    "is_never_asked_whether_it_lives": {
        "Deployment cert-manager/cert-manager-cainjector: cert-manager-cainjector": _NO_PROBE,
    },
    "is_never_asked_whether_it_is_ready": {
        "Deployment cert-manager/cert-manager: cert-manager-controller": "nobody connects to it: what it does is found in the API server",
        "Deployment cert-manager/cert-manager-cainjector: cert-manager-cainjector": "nobody connects to it: what it does is found in the API server",
    },
    "may_read_every_secret": {
        "ServiceAccount cert-manager/cert-manager": _SIGNS,
        "ServiceAccount cert-manager/cert-manager-cainjector": _INJECTS,
    },
    "may_run_what_it_likes_everywhere": {
        "ServiceAccount cert-manager/cert-manager": "issuers that ask an ACME server have it answer from a pod beside the certificate",
    },
    "may_change_what_the_api_server_asks": {
        "ServiceAccount cert-manager/cert-manager-cainjector": _INJECTS,
    },
}
"""The same of publishers' charts that can be rendered where tests run."""

READERS: Mapping[str, str] = {
    **OF_CHARTS["may_read_every_secret"],
    "ServiceAccount external-secrets/external-secrets": "it writes Secrets and sees when somebody alters them, and its chart knows one namespace or all",
    "ServiceAccount istio-system/istiod": "it gives gateways of any namespace their certificates, and its chart has no narrower role",
}
"""Who may read every Secret, those of charts that tests cannot render among them."""
