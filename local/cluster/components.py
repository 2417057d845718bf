"""The command lines of the control plane's programs.

Separate because these flags are most of what is to know about running Kubernetes, and are reviewed against its documentation:
https://kubernetes.io/docs/reference/command-line-tools-reference/.
"""

from dataclasses import dataclass, field
from pathlib import Path

from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.local.cluster.certificates import Certificates
from mlplatform.local.cluster.options import Options

LOOPBACK = "127.0.0.1"
STAGES = Path(__file__).resolve().parent / "stages"
# Kubernetes refuses loopback as the address of the Service default/kubernetes, and no pod really connects to it (RFC 5737).
_ADVERTISED = "192.0.2.1"
_POD_CIDR = "100.64.0.0/16"


@dataclass(frozen=True)
class Ports:
    """Ports of one plane, all on loopback."""

    api: int
    etcd: int
    etcd_peer: int
    kwok: int


@dataclass(frozen=True)
class Component:
    """One process of the plane."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict[str, str])


def _go(mebibytes: int) -> dict[str, str]:
    # Go gives memory back as it nears the limit; it is no ceiling, so a busy program slows down and does not fail.
    return {"GOMEMLIMIT": f"{mebibytes}MiB", "GOGC": "60"}


def etcd(programs: ProgramPaths, folder: Path, pki: Certificates, ports: Ports) -> Component:
    """etcd, which takes clients of this plane alone: on fixed trust a second plane could join it by a mistaken port."""
    clients, peers = f"https://{LOOPBACK}:{ports.etcd}", f"http://{LOOPBACK}:{ports.etcd_peer}"
    return Component(
        "etcd",
        (
            str(programs.etcd),
            f"--data-dir={folder / 'etcd'}",
            f"--listen-client-urls={clients}",
            f"--advertise-client-urls={clients}",
            f"--listen-peer-urls={peers}",
            f"--initial-advertise-peer-urls={peers}",
            f"--initial-cluster=default={peers}",
            "--client-cert-auth",
            f"--trusted-ca-file={pki.authority}",
            f"--cert-file={pki.certificate}",
            f"--key-file={pki.key}",
            # Its data ends with the plane: waiting for the disk would only cost time.
            "--unsafe-no-fsync",
            "--log-level=error",
        ),
        _go(96),
    )


def apiserver(programs: ProgramPaths, folder: Path, pki: Certificates, ports: Ports, options: Options) -> Component:
    """kube-apiserver, with EKS's audience and issuer for ServiceAccounts."""
    sign_in = (
        f"--authentication-token-webhook-config-file={folder / 'sign-in.kubeconfig'}",
        "--authentication-token-webhook-version=v1",
        # A changed access entry is seen at once.
        "--authentication-token-webhook-cache-ttl=1s",
    )
    # No pod really runs behind a webhook's Service; policies in CEL act.
    without_webhooks = ("--disable-admission-plugins=MutatingAdmissionWebhook,ValidatingAdmissionWebhook",)
    return Component(
        "kube-apiserver",
        (
            str(programs.kube_apiserver),
            f"--etcd-servers=https://{LOOPBACK}:{ports.etcd}",
            f"--etcd-cafile={pki.authority}",
            f"--etcd-certfile={pki.certificate}",
            f"--etcd-keyfile={pki.key}",
            f"--secure-port={ports.api}",
            f"--bind-address={LOOPBACK}",
            f"--advertise-address={_ADVERTISED}",
            f"--tls-cert-file={pki.certificate}",
            f"--tls-private-key-file={pki.key}",
            f"--service-account-key-file={pki.account_public_key}",
            f"--service-account-signing-key-file={pki.account_key}",
            f"--service-account-issuer={options.issuer}",
            f"--service-account-jwks-uri={options.issuer}/keys",
            "--api-audiences=https://kubernetes.default.svc",
            f"--token-auth-file={folder / 'tokens.csv'}",
            "--authorization-mode=Node,RBAC",
            f"--service-cluster-ip-range={options.service_cidr}",
            "--allow-privileged=true",
            "--profiling=false",
            *(sign_in if options.access else ()),
            *(() if options.webhooks else without_webhooks),
        ),
        _go(640),
    )


def controller_manager(programs: ProgramPaths, folder: Path, pki: Certificates) -> Component:
    """kube-controller-manager, each controller with rights of its own as on EKS."""
    return Component(
        "kube-controller-manager",
        (
            str(programs.kube_controller_manager),
            f"--kubeconfig={folder / 'kube-controller-manager.kubeconfig'}",
            f"--service-account-private-key-file={pki.account_key}",
            f"--root-ca-file={pki.authority}",
            "--use-service-account-credentials=true",
            *_ALONE,
        ),
        _go(192),
    )


def scheduler(programs: ProgramPaths, folder: Path) -> Component:
    """kube-scheduler."""
    return Component(
        "kube-scheduler",
        (str(programs.kube_scheduler), f"--kubeconfig={folder / 'kube-scheduler.kubeconfig'}", *_ALONE),
        _go(96),
    )


def kwok(programs: ProgramPaths, folder: Path, ports: Ports) -> Component:
    """Kwok, which plays every node's kubelet and the provisioner of volumes by the stages in `stages/`."""
    return Component(
        "kwok",
        (
            str(programs.kwok),
            f"--kubeconfig={folder / 'kwok.kubeconfig'}",
            "--manage-all-nodes=true",
            *(f"--config={stage}" for stage in sorted(STAGES.glob("*.yaml"))),
            f"--cidr={_POD_CIDR}",
            f"--server-address={LOOPBACK}:{ports.kwok}",
            "--node-lease-duration-seconds=40",
        ),
        _go(96),
    )


# One of each runs, and nobody scrapes them: no election, no port.
_ALONE = ("--leader-elect=false", "--secure-port=0", "--profiling=false", "--kube-api-qps=200", "--kube-api-burst=400")
