"""Sign-in with the programs themselves: Dex under our account on a real API server, oauth2-proxy, and another Dex that vouches for people.

None of them can be had from a module proxy: who has built them names them in MLP_DEX and MLP_OAUTH2_PROXY.
"""

import json
import os
import subprocess
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from mlplatform.config.settings import Settings
from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.local.cluster.kubeconfig import read_kubeconfig, write_kubeconfig
from mlplatform.local.cluster.options import Options, eks_issuer
from mlplatform.local.cluster.plane import ControlPlane
from mlplatform.local.cluster.ports import free_ports
from mlplatform.manifests.namespaces import AUTH
from mlplatform.manifests.sign_in import dex, dex_definitions
from mlplatform.manifests.sign_in.addresses import DEX, servers
from mlplatform.manifests.sign_in.connectors import secret_variable
from mlplatform.manifests.sign_in.secrets import COOKIE_LENGTH, hash_key
from tests.cluster.cluster import Cluster
from tests.cluster.sign_in.browser import Browser
from tests.cluster.sign_in.gateway import Gateway
from tests.config.files import settings
from tests.manifests.sign_in.people import main, one

PASSWORD = "correct-horse-battery"  # noqa: S105 - of nobody
BCRYPT = "$2a$10$jFgpYQJCuMOw8CQ1nT4UnOrRPJkM4i8WANxX8TWQOx.8bVV0h3Agi"
"""What External Secrets' template makes of it: Go's bcrypt with its default cost."""
SECRET = "s" * 40
ENVIRONMENT = """
    account: "123456789012"
    region: us-west-2
    stage: dev
    ingress:
      access: internal
      host: ml.example.com
      certificate: {cluster_issuer: platform-ca}
    sign_in:
      users: [ann@example.com]
      connectors:
        corporate: {oidc: {issuer: "https://sign-in.example.com/realms/a", client_id: ml, client_secret: team/oidc}}
"""
_SECONDS = 60.0


@dataclass(frozen=True)
class Place:
    """Where people sign in."""

    settings: Settings
    gateway: Gateway
    ports: Mapping[str, int]
    logs: Sequence[Path]

    def browser(self) -> Browser:
        """Return a browser that nobody has signed in with."""
        return Browser(self.ports)


def _named(variable: str, source: str) -> Path:
    path = os.environ.get(variable)
    if not path:
        pytest.skip(f"name a program built from {source} in {variable} to sign in with it")
    return Path(path)


@contextmanager
def _running(command: Sequence[str | Path], log: Path, ready: str, variables: Mapping[str, str]) -> Generator[None]:
    """Run a program until the end, once it answers."""
    with log.open("wb") as written:
        process = subprocess.Popen(command, env=dict(variables), stdout=written, stderr=written)
    try:
        ends = time.monotonic() + _SECONDS
        while not _answers(ready):
            if process.poll() is not None or time.monotonic() > ends:
                pytest.fail(f"{Path(command[0]).name} does not answer: {log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urlopen(url) as answer:  # noqa: S310 - of this machine
            return answer.status == 200
    except URLError:
        return False


@pytest.fixture(scope="package")
def place(programs: ProgramPaths, tmp_path_factory: pytest.TempPathFactory) -> Generator[Place]:
    """An environment of people with passwords and of people that a company vouches for, with a host's name and forwarded ports."""
    dex_program = _named("MLP_DEX", "https://github.com/dexidp/dex/tree/v2.45.1/cmd/dex")
    proxy_program = _named("MLP_OAUTH2_PROXY", "https://github.com/oauth2-proxy/oauth2-proxy/tree/v7.15.2")
    of, folder = settings(ENVIRONMENT), tmp_path_factory.mktemp("sign-in")
    names = list(servers(of.ingress, of.sign_in))
    provider, entry, proxy, *rest = free_ports(4 + 2 * len(names))
    ports = dict(zip([f"{name}.{AUTH}.svc.cluster.local" for name in names], rest, strict=False))
    with ExitStack() as stack:
        plane = stack.enter_context(ControlPlane(folder / "plane", Options(issuer=eks_issuer("us-west-2", "D" * 32)), programs))
        kubeconfig = _as_dex(Cluster(plane.kubeconfig, local=True), of, folder)
        stack.enter_context(_provider(dex_program, folder, provider, of))
        for name, health in zip(names, rest[len(names) :], strict=False):
            port = ports[f"{name}.{AUTH}.svc.cluster.local"]
            config = _config(of, name, kubeconfig, port=port, health=health, provider=provider)
            stack.enter_context(_dex(dex_program, folder / name, config, health))
        stack.enter_context(_oauth2_proxy(proxy_program, folder, of, proxy, next(iter(ports.values()))))
        ports["oauth2-proxy.oauth2-proxy.svc.cluster.local"] = proxy
        routes = [one(of, "VirtualService", name) for name in ("dex", "oauth2-proxy")]
        gateway = Gateway(routes, ports, "oauth2-proxy.oauth2-proxy.svc.cluster.local")
        stack.enter_context(gateway.listen(entry))
        opened = dict.fromkeys(("ml.example.com", "localhost:8080", "localhost:8081"), entry)
        yield Place(of, gateway, {**opened, f"127.0.0.1:{provider}": provider}, [folder / f"{name}.log" for name in names])


def _as_dex(cluster: Cluster, of: Settings, folder: Path) -> Path:
    """Make what Dex finds in a cluster, and return its account's kubeconfig."""
    cluster.kubectl("create", "namespace", AUTH)
    kinds: list[Any] = dex_definitions.objects()
    cluster.apply(*kinds)
    for kind in kinds:
        cluster.wait(f"crd/{kind['metadata']['name']}", "condition=Established")
    rights: list[Any] = [obj for obj in dex.objects(of) if obj["kind"] in ("ServiceAccount", "Role", "RoleBinding")]
    cluster.apply(*rights)
    server, authority, _ = read_kubeconfig(cluster.kubeconfig)
    token = cluster.kubectl("create", "token", dex.NAME, f"--namespace={AUTH}").strip()
    path = folder / "dex.kubeconfig"
    write_kubeconfig(path, server=server, authority=authority, token=token)
    written = json.loads(path.read_text())
    written["contexts"][0]["context"]["namespace"] = AUTH
    path.write_text(json.dumps(written))
    return path


def _config(of: Settings, name: str, kubeconfig: Path, *, port: int, health: int, provider: int) -> dict[str, Any]:
    """Return a Dex's configuration, with what differs outside a cluster: where it listens, the API server, the provider's address."""
    written = json.loads(one(of, "ConfigMap", name)["data"]["config.yaml"])
    written["storage"]["config"] = {"kubeConfigFile": str(kubeconfig), "crdHandling": written["storage"]["config"]["crdHandling"]}
    written["web"]["http"], written["telemetry"]["http"] = f"127.0.0.1:{port}", f"127.0.0.1:{health}"
    written["connectors"][0]["config"]["issuer"] = f"http://127.0.0.1:{provider}/dex"
    return written


@contextmanager
def _dex(program: Path, folder: Path, config: Mapping[str, Any], health: int) -> Generator[None]:
    file = folder.with_suffix(".json")
    file.write_text(json.dumps(config))
    given = {"OIDC_CLIENT_SECRET": SECRET, hash_key("ann@example.com"): BCRYPT, secret_variable("corporate"): SECRET, "DOLLAR": "$"}
    with _running([program, "serve", file], folder.with_suffix(".log"), f"http://127.0.0.1:{health}/healthz/live", given):
        yield


@contextmanager
def _provider(program: Path, folder: Path, port: int, of: Settings) -> Generator[None]:
    """Run the company that vouches for people: it takes browsers back only to addresses that were registered with it."""
    callbacks = [f"{issuer}/callback" for issuer in servers(of.ingress, of.sign_in).values()]
    person = {"email": "cy@example.com", "username": "cy", "userID": "1", "hash": BCRYPT}
    config: dict[str, Any] = {
        "issuer": f"http://127.0.0.1:{port}/dex",
        "storage": {"type": "memory"},
        "web": {"http": f"127.0.0.1:{port}"},
        "oauth2": {"skipApprovalScreen": True},
        "staticClients": [{"id": "ml", "name": "ml", "secret": SECRET, "redirectURIs": callbacks}],
        "enablePasswordDB": True,
        "staticPasswords": [person],
    }
    file = folder / "provider.json"
    file.write_text(json.dumps(config))
    with _running([program, "serve", file], folder / "provider.log", f"http://127.0.0.1:{port}/dex/healthz", {}):
        yield


@contextmanager
def _oauth2_proxy(program: Path, folder: Path, of: Settings, port: int, dex_port: int) -> Generator[None]:
    own = ("--http-address", "--metrics-address")
    given = [argument.replace(DEX, f"http://127.0.0.1:{dex_port}/dex") for argument in main(of, "oauth2-proxy")["args"]]
    arguments = [argument for argument in given if not argument.startswith(own)]
    variables = {"OAUTH2_PROXY_CLIENT_SECRET": SECRET, "OAUTH2_PROXY_COOKIE_SECRET": "c" * COOKIE_LENGTH}
    command = [program, f"--http-address=127.0.0.1:{port}", *arguments]
    with _running(command, folder / "oauth2-proxy.log", f"http://127.0.0.1:{port}/ready", variables):
        yield
