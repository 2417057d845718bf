from pathlib import Path

import pytest

from mlplatform.local.cluster.assets import VARIABLE, offered
from mlplatform.local.cluster.catalogue import APISERVER, ETCD, KWOK


def pretend(folder: Path, name: str, says: str) -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    return program


def test_a_server_of_our_minor_version_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    server = pretend(tmp_path, "kube-apiserver", "Kubernetes v1.36.0")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert offered(APISERVER) == server


def test_a_server_of_another_minor_version_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pretend(tmp_path, "kube-apiserver", "Kubernetes v1.35.9")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert offered(APISERVER) is None


def test_etcd_s_version_is_read_from_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    etcd = pretend(tmp_path, "etcd", "etcd Version: 3.7.1")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert offered(ETCD) == etcd


def test_a_folder_without_the_program_offers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert offered(APISERVER) is None


def test_nothing_is_offered_without_the_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert offered(ETCD) is None


def test_what_such_a_folder_never_holds_is_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pretend(tmp_path, "kwok", "kwok version v0.8.0")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert offered(KWOK) is None
