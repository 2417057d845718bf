"""One control plane: started until it serves, and stopped without a trace.

Separate from its parts because their order, and what to say when one of them fails, is all that this module knows.
"""

import base64
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from mlplatform.local.cluster import components, ownership
from mlplatform.local.cluster.access_policies import AccessPolicies
from mlplatform.local.cluster.api import Api, ApiError, ApiUnreachableError
from mlplatform.local.cluster.build import ProgramsUnavailableError, find, missing
from mlplatform.local.cluster.catalogue import APISERVER, ProgramPaths
from mlplatform.local.cluster.certificates import Certificates, make_certificates
from mlplatform.local.cluster.components import LOOPBACK, Component, Ports
from mlplatform.local.cluster.kubeconfig import write_kubeconfig
from mlplatform.local.cluster.nodes import Nodes
from mlplatform.local.cluster.options import Options
from mlplatform.local.cluster.ports import free_ports, listens
from mlplatform.local.cluster.private_file import write_private
from mlplatform.local.cluster.processes import ProcessError, Processes
from mlplatform.local.cluster.sign_in import SignIn

_USERS = {
    "admin": "system:masters",
    "kwok": "system:masters",
    "system:kube-controller-manager": "",
    "system:kube-scheduler": "",
}
_START_SECONDS = 120.0
_ATTEMPTS = 3


class PlaneError(Exception):
    """The control plane did not start; the message quotes the program at fault."""


class ControlPlane:
    """etcd, kube-apiserver, kube-controller-manager and kube-scheduler, with kwok in place of kubelets, all on loopback.

    It lives as long as the process that started it: `stop` ends it in order, a guard ends it where that process is killed,
    and the next start sweeps what a killed guard left.
    """

    url: str
    """Where the API server listens, once started."""
    api: Api
    """A client of it as administrator."""
    nodes: Nodes
    certificates: Certificates

    def __init__(self, folder: Path, options: Options, programs: ProgramPaths | None = None) -> None:
        """Prepare a plane; nothing runs yet.

        Args:
            folder: The plane's own: data, keys, kubeconfig and `logs` are in it, and a start empties it.
            options: How it names itself.
            programs: Where its programs are; those that were built are found by default.
        """
        self.folder = folder.resolve()
        self.options = options
        self._programs = programs
        self.id = uuid4().hex
        self._sign_in: SignIn | None = None
        self.processes = Processes(self.id, self.folder)

    @property
    def kubeconfig(self) -> Path:
        """The kubeconfig of an administrator."""
        return self.folder / "kubeconfig"

    @property
    def certificate_authority(self) -> str:
        """The authority as EKS's DescribeCluster gives it: PEM in base64."""
        return base64.b64encode(self.certificates.authority.read_bytes()).decode()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start everything and return once the API server serves and controllers act.

        Raises:
            ProgramsUnavailableError: The programs are not built.
            PlaneError: A program ended or the plane was not ready in time.
        """
        programs = self._programs or find()
        if programs is None:
            names = ", ".join(program.name for program in missing())
            raise ProgramsUnavailableError(f"the local cluster's programs are not built ({names}); build them once with `make cluster`")
        ownership.sweep()
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._start(programs)
            except ProcessError as error:
                self.stop()
                # Somebody took a port between our look and our use: with other ports it works.
                if "address already in use" not in str(error) or attempt == _ATTEMPTS:
                    raise PlaneError(f"{error}; logs are in {self.processes.logs}") from None
            except BaseException:
                self.stop()
                raise
            else:
                return

    def stop(self) -> None:
        """End every process of the plane; it takes less than five seconds and may be called twice."""
        self.processes.stop_all(at_once=("kube-apiserver",))
        if self._sign_in:
            self._sign_in.stop()
            self._sign_in = None
        ownership.forget(self.id)

    def _start(self, programs: ProgramPaths) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700, parents=True)
        ownership.record(self.id, self.folder)
        self.processes.guard()
        api, etcd, etcd_peer, kwok = free_ports(4)
        ports = Ports(api=api, etcd=etcd, etcd_peer=etcd_peer, kwok=kwok)
        self.url = f"https://{LOOPBACK}:{ports.api}"
        self.certificates = make_certificates(self.folder / "pki", self.options.service_cidr[1])
        if self.options.access:
            self._sign_in = SignIn(self.options.access)
            self._sign_in.start()
        self.api = Api(self.url, self.certificates.authority, self._write_credentials())
        self.nodes = Nodes(self.api, APISERVER.version)
        self._run(components.etcd(programs, self.folder, self.certificates, ports))
        self._wait_until("etcd listens", lambda: listens(ports.etcd))
        self._run(components.apiserver(programs, self.folder, self.certificates, ports, self.options))
        self._wait_until("the API server is ready", self._serves)
        self._run(components.controller_manager(programs, self.folder, self.certificates))
        self._run(components.scheduler(programs, self.folder))
        self._run(components.kwok(programs, self.folder, ports))
        self._let_in()
        self._wait_until("controllers act", self._controllers_act)

    def _run(self, component: Component) -> None:
        self.processes.start(component.name, component.command, component.environment)

    def _write_credentials(self) -> str:
        """Write a token and a kubeconfig for each user and return the administrator's token."""
        tokens = {user: secrets.token_urlsafe(32) for user in _USERS}
        rows = (f'{tokens[user]},{user},{user},"{groups}"\n' for user, groups in _USERS.items())
        write_private(self.folder / "tokens.csv", "".join(rows).encode())
        for user, token in tokens.items():
            path = self.kubeconfig if user == "admin" else self.folder / f"{user.removeprefix('system:')}.kubeconfig"
            write_kubeconfig(path, server=self.url, authority=self.certificates.authority, token=token)
        if self._sign_in:
            write_kubeconfig(self.folder / "sign-in.kubeconfig", server=self._sign_in.url)
        return tokens["admin"]

    def _let_in(self) -> None:
        policies = AccessPolicies(self.api)
        policies.install()
        if self._sign_in:
            self._sign_in.prepare_with(policies.bind)

    def _serves(self) -> bool:
        return self.api.text("/readyz") == "ok"

    def _controllers_act(self) -> bool:
        # The ServiceAccount of a namespace is a controller's work, and without it no pod is admitted.
        return bool(self.api.get("/api/v1/namespaces/default/serviceaccounts/default"))

    def _wait_until(self, what: str, check: Callable[[], bool]) -> None:
        end = time.monotonic() + _START_SECONDS
        said = ""
        while time.monotonic() < end:
            self.processes.check()
            try:
                if check():
                    return
            except (ApiError, ApiUnreachableError) as error:
                said = str(error)
            time.sleep(0.05)
        raise PlaneError(f"waited {_START_SECONDS:.0f} s until {what}: {said or 'no answer'}; logs are in {self.processes.logs}")
