"""EFS: throughput, backups and policies of file systems that exist.

Separate because moto takes them at creation alone.
"""

import json
from typing import Any

from moto.efs import urls
from moto.efs.exceptions import FileSystemNotFound
from moto.efs.models import EFSBackend, efs_backends
from moto.efs.responses import EFSResponse

from mlplatform.local.aws.services.extension import extend

_JSON = {"Content-Type": "application/json"}


class EFS(EFSBackend):
    """One region's file systems of one account."""

    def describe_backup_policy(self, file_system_id: str) -> dict[str, str]:
        """Return whether a file system is backed up; moto has no answer for one that is not."""
        return self.file_system(file_system_id).backup_policy or {"Status": "DISABLED"}

    def file_system(self, name: str) -> Any:
        """Return a file system."""
        if name not in self.file_systems_by_id:
            raise FileSystemNotFound(name)
        return self.file_systems_by_id[name]


class Responses(EFSResponse):
    """What moto's EFS does not answer."""

    def put_backup_policy(self) -> Any:
        """Turn backups on or off.

        https://docs.aws.amazon.com/efs/latest/ug/API_PutBackupPolicy.html
        """
        policy = self._get_param("BackupPolicy")
        self._file_system()._backup = policy["Status"] in {"ENABLED", "ENABLING"}  # noqa: SLF001 - moto has no setter
        return json.dumps({"BackupPolicy": policy}), _JSON

    def update_file_system(self) -> Any:
        """Change a file system's throughput."""
        file_system = self._file_system()
        file_system.throughput_mode = self._get_param("ThroughputMode") or file_system.throughput_mode
        file_system.provisioned_throughput_in_mibps = self._get_param("ProvisionedThroughputInMibps")
        return json.dumps(file_system.info_json()), {"status": 202, **_JSON}

    def delete_file_system_policy(self) -> Any:
        """Forget who may mount a file system."""
        self._file_system().file_system_policy = None
        return "{}", _JSON

    def _file_system(self) -> Any:
        backend: Any = self.efs_backend
        return backend.file_system(self._get_param("FileSystemId"))


def install() -> None:
    """Put this EFS in the place of moto's."""
    extend(efs_backends, EFS, urls, Responses)
