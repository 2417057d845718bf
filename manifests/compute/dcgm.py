"""NVIDIA's DCGM exporter: what GPUs do, by pod, for Prometheus.

Separate from the device plugin because nothing waits for it. Source: https://github.com/NVIDIA/dcgm-exporter/tree/4.5.3-4.8.2 .
"""

from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.node_agent import AS_ROOT, gpu_nodes, host_path, node_agent
from mlplatform.manifests.namespaces import NODE_AGENTS
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Resources, config_map, config_volume, container, http_probe, scratch, service, variable
from mlplatform.manifests.shapes.network_policies import METRICS_READERS, allow

_NAME = "dcgm-exporter"
_PORT = 9400
_METRICS = "/etc/dcgm-metrics"
_PODS = "/var/lib/kubelet/pod-resources"

# The profiling metrics, DCGM_FI_PROF_*, are left out: they need CAP_SYS_ADMIN on the node.
_COUNTERS = {
    "DCGM_FI_DEV_SM_CLOCK": ("gauge", "SM clock frequency (in MHz)."),
    "DCGM_FI_DEV_MEM_CLOCK": ("gauge", "Memory clock frequency (in MHz)."),
    "DCGM_FI_DEV_GPU_TEMP": ("gauge", "GPU temperature (in C)."),
    "DCGM_FI_DEV_MEMORY_TEMP": ("gauge", "Memory temperature (in C)."),
    "DCGM_FI_DEV_POWER_USAGE": ("gauge", "Power draw (in W)."),
    "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION": ("counter", "Total energy consumption since boot (in mJ)."),
    "DCGM_FI_DEV_PCIE_REPLAY_COUNTER": ("counter", "Total number of PCIe retries."),
    "DCGM_FI_DEV_GPU_UTIL": ("gauge", "GPU utilization (in %)."),
    "DCGM_FI_DEV_MEM_COPY_UTIL": ("gauge", "Memory utilization (in %)."),
    "DCGM_FI_DEV_FB_FREE": ("gauge", "Framebuffer memory free (in MiB)."),
    "DCGM_FI_DEV_FB_USED": ("gauge", "Framebuffer memory used (in MiB)."),
    "DCGM_FI_DEV_FB_RESERVED": ("gauge", "Framebuffer memory reserved (in MiB)."),
    "DCGM_FI_DEV_XID_ERRORS": ("gauge", "Value of the last XID error encountered."),
    "DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL": ("counter", "Total number of NVLink bandwidth counters for all lanes."),
    "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS": ("counter", "Number of remapped rows for uncorrectable errors."),
    "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS": ("counter", "Number of remapped rows for correctable errors."),
    "DCGM_FI_DEV_ROW_REMAP_FAILURE": ("gauge", "Whether remapping of rows has failed."),
    "DCGM_FI_DRIVER_VERSION": ("label", "Driver Version"),
}


def objects(settings: Settings) -> list[Object]:
    """Return the exporter, its metrics and its Service; nothing where no pool has GPUs."""
    pools = settings.compute.gpu_pools
    if not pools:
        return []
    shared = any(pool.sharing for pool in pools)
    return [
        metrics(),
        exporter(settings.image(_NAME), shared=shared),
        service(_NAME, NODE_AGENTS, {"metrics": (_PORT, "metrics")}),
        # What pods are called and do is for who measures all of them, not for each tenant.
        allow(_NAME, NODE_AGENTS, peers=[METRICS_READERS], ports=[_PORT]),
    ]


def metrics() -> Object:
    """Return the ConfigMap of what is measured: field, Prometheus' type, help."""
    rows = (f"{field}, {kind}, {text}" for field, (kind, text) in _COUNTERS.items())
    return config_map(_NAME, NODE_AGENTS, {"counters.csv": "\n".join(rows) + "\n"})


def exporter(image: str, *, shared: bool) -> Object:
    """Return the exporter's DaemonSet.

    Args:
        image: The exporter's image.
        shared: Whether several pods share a GPU on some nodes: each of them is then named.
    """
    env = [
        variable("DCGM_EXPORTER_LISTEN", f":{_PORT}"),
        variable("DCGM_EXPORTER_KUBERNETES", "true"),
        variable("NODE_NAME", field="spec.nodeName"),
    ]
    main = container(
        _NAME,
        image,
        Resources(cpu="50m", memory="128Mi", memory_limit="512Mi"),
        args=["-f", f"{_METRICS}/counters.csv"],
        env=[*env, variable("KUBERNETES_VIRTUAL_GPUS", "true")] if shared else env,
        ports={"metrics": _PORT},
        mounts={"temporary": "/tmp"},  # noqa: S108 - the library's own place
        read_only_mounts={"counters": _METRICS, "pods": _PODS},
        # The library looks at every GPU before it answers.
        readiness=http_probe("/health", "metrics", delay=30),
        liveness=http_probe("/health", "metrics", delay=60, failures=6),
        # Which pod has which GPU is told by the kubelet's socket, which belongs to root.
        security=AS_ROOT,
    )
    volumes = [
        config_volume("counters", _NAME),
        scratch("temporary"),
        host_path("pods", _PODS, "Directory"),
    ]
    scraped = {"prometheus.io/scrape": "true", "prometheus.io/port": str(_PORT)}
    return node_agent(_NAME, [main], nodes=gpu_nodes(), annotations=scraped, volumes=volumes)
