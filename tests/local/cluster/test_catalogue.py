import re

import pytest

from mlplatform.config.versions import MATCHED_SETS
from mlplatform.local.cluster.catalogue import APISERVER, CONTROLLER_MANAGER, KARPENTER, PROGRAMS, SCHEDULER, Program


def test_the_control_plane_is_of_the_matched_set():
    assert {program.version for program in (APISERVER, CONTROLLER_MANAGER, SCHEDULER)} == {MATCHED_SETS["1.36"].control_plane}


def test_karpenter_is_of_the_matched_set():
    assert KARPENTER.version == MATCHED_SETS["1.36"].karpenter


def test_kubernetes_own_modules_are_of_its_release():
    text = (APISERVER.folder / "go.mod").read_text()
    replaced = re.findall(r"^\s+k8s\.io/\S+ => k8s\.io/\S+ v0\.(\S+)$", text, re.MULTILINE)
    assert set(replaced) == {APISERVER.version.removeprefix("1.")}
    assert len(replaced) > 30


def test_the_core_of_karpenter_is_of_the_provider_s_release():
    assert f"sigs.k8s.io/karpenter => sigs.k8s.io/karpenter v{KARPENTER.version}" in (KARPENTER.folder / "go.mod").read_text()


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_every_module_has_checksums_of_what_it_requires(program: Program):
    sums = (program.folder / "go.sum").read_text()
    assert f"{program.release} v{program.version} h1:" in sums


def test_the_server_is_stamped_with_its_version():
    flags = APISERVER.linker_flags
    assert f"version.gitVersion=v{APISERVER.version}" in flags
    assert "version.gitMajor=1" in flags
    assert "version.gitMinor=36" in flags


def test_programs_are_kept_apart_by_version_and_platform(monkeypatch: pytest.MonkeyPatch):
    here = APISERVER.path
    monkeypatch.setattr("mlplatform.local.cluster.catalogue.PLATFORM", "plan9-mips")
    assert here.parent.name.startswith(f"kube-apiserver-{APISERVER.version}-")
    assert APISERVER.path != here
