"""Lambda functions as processes: the published code, unpacked once, called with an event under the function's own role.

Separate from the protocol of custom resources, which only wants an answer or an error.
"""

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.awslambda.utils import get_backend

from mlplatform.local.aws.custom_resources import bootstrap
from mlplatform.local.aws.custom_resources.cluster_access import Programs
from mlplatform.local.aws.resources.contract import Place, ResourceFailedError


@dataclass(frozen=True)
class Outcome:
    """What one invocation came to."""

    answer: dict[str, Any]
    error: str | None
    log: str


class Functions:
    """The functions of one local AWS that run here."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mlplatform-functions-"))
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()

    def folder(self, name: str) -> Path:
        """Return a folder that lives as long as the local AWS."""
        return self._folder / name

    def close(self) -> None:
        """End what still runs and remove everything."""
        with self._lock:
            for process in self._running:
                _end(process)
        shutil.rmtree(self._folder, ignore_errors=True)

    def invoke(self, place: Place, configuration: dict[str, Any], event: dict[str, Any], programs: Programs) -> Outcome:
        """Run a function's handler with the event, within its timeout."""
        if not str(configuration["Runtime"]).startswith("python"):
            raise ResourceFailedError(f"the local AWS runs no {configuration['Runtime']} function here ({configuration['FunctionArn']})")
        code = self._code(place, configuration)
        work = Path(tempfile.mkdtemp(prefix="invoke-", dir=self._folder))
        event_file, result_file, log_file = work / "event.json", work / "result.json", work / "log"
        event_file.write_text(json.dumps(event))
        command = [sys.executable, "-P", bootstrap.__file__, str(code), configuration["Handler"], str(event_file), str(result_file)]
        timed_out = self._run(command, _environment(place, configuration, programs, work), log_file, int(configuration["Timeout"]))
        log = log_file.read_text(errors="replace")
        if timed_out:
            return Outcome({}, f"{event['RequestId']} Task timed out after {configuration['Timeout']}.00 seconds", log)
        if not result_file.exists():
            return Outcome({}, f"RequestId: {event['RequestId']} Error: Runtime exited", log)
        result: dict[str, Any] = json.loads(result_file.read_text())
        shutil.rmtree(work, ignore_errors=True)
        return Outcome(result.get("answer") or {}, result.get("errorMessage"), log)

    def _run(self, command: list[str], environment: dict[str, str], log_file: Path, timeout: int) -> bool:
        with log_file.open("wb") as log:
            # A session of its own, so that what the handler starts ends with it.
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        with self._lock:
            self._running.add(process)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            return True
        finally:
            with self._lock:
                self._running.discard(process)
        return False

    def _code(self, place: Place, configuration: dict[str, Any]) -> Path:
        """Unpack the code as it was published; no API of Lambda's hands it out from moto."""
        zipped: bytes = get_backend(place.account, place.region).get_function(configuration["FunctionArn"]).code_bytes
        folder = self._folder / f"code-{hashlib.sha256(zipped).hexdigest()[:16]}"
        with self._lock:
            if not folder.exists():
                zipfile.ZipFile(io.BytesIO(zipped)).extractall(folder)
        return folder


def _environment(place: Place, configuration: dict[str, Any], programs: Programs, work: Path) -> dict[str, str]:
    """Return what the handler sees: Lambda's variables, its role's credentials, and where its programs are."""
    session = str(configuration["FunctionName"])[-64:]
    credentials = place.client("sts").assume_role(RoleArn=configuration["Role"], RoleSessionName=session)["Credentials"]
    return {
        "PATH": os.pathsep.join([*map(str, programs.path), "/usr/bin", "/bin"]),
        "HOME": str(work),
        "TMPDIR": str(work),
        # CDK's handlers write here instead of into /tmp, so that two can run at once.
        "TEST_OUTDIR": str(work),
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
        "AWS_REGION": place.region,
        "AWS_DEFAULT_REGION": place.region,
        "AWS_LAMBDA_FUNCTION_NAME": configuration["FunctionName"],
        "AWS_ENDPOINT_URL": place.endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        **programs.environment,
        **configuration.get("Environment", {}).get("Variables", {}),
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
