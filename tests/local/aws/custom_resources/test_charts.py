"""Where a chart is found on a machine that may have no internet."""

import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from mlplatform.local.aws.custom_resources import carried, charts
from mlplatform.local.aws.custom_resources.charts import Absent, ChartRefusedError, Wanted
from mlplatform.local.cluster.catalogue import KARPENTER
from mlplatform.local.cluster.golang import ProgramsUnavailableError
from mlplatform.local.programs import helm_path
from mlplatform.manifests.package import RECORD_LIMIT, record_bytes

UNREACHABLE = 'Error: Get "https://charts.invalid/index.yaml": dial tcp: lookup charts.invalid: no such host'
REPOSITORY = "https://charts.invalid"


@pytest.fixture
def helm(tmp_path: Path) -> Path:
    """A Helm that reaches no registry."""
    return playing(tmp_path / "helm", f"echo '{UNREACHABLE}' >&2; exit 1")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that MLP_CHARTS names."""
    monkeypatch.setenv(charts.FOLDER, str(tmp_path / "charts"))
    (tmp_path / "charts").mkdir()
    return tmp_path / "charts"


def playing(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def chart(folder: Path, name: str, version: str) -> Path:
    (folder / name).mkdir()
    (folder / name / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\n")
    return folder / name


def packed(folder: Path, scratch: Path, name: str, version: str) -> Path:
    scratch.mkdir()
    source, package = chart(scratch, name, version), folder / f"{name}-{version}.tgz"
    with tarfile.open(package, "w:gz") as archive:
        archive.add(source, arcname=name)
    return package


def locate(wanted: Wanted, helm: Path, tmp_path: Path) -> Path | Absent:
    return charts.locate(wanted, str(helm), tmp_path)


@pytest.mark.parametrize("version", ["1.2.3", "v1.2.3", None])
def test_a_chart_of_the_folder_is_taken_in_its_version(folder: Path, helm: Path, tmp_path: Path, version: str | None) -> None:
    found = chart(folder, "mesh", "1.2.3")
    assert locate(Wanted("mesh", version, REPOSITORY), helm, tmp_path) == found


def test_a_package_of_the_folder_is_taken_where_the_folder_has_another_version(folder: Path, helm: Path, tmp_path: Path) -> None:
    chart(folder, "mesh", "1.2.2")
    package = packed(folder, tmp_path / "source", "mesh", "1.2.3")
    assert locate(Wanted("mesh", "1.2.3", REPOSITORY), helm, tmp_path) == package
    charts.unpacked(package, tmp_path / "mesh")
    assert (tmp_path / "mesh/Chart.yaml").exists()


def test_the_copy_of_a_chart_that_cannot_be_written_to_can(tmp_path: Path) -> None:
    (tmp_path / "module").mkdir()
    source = chart(tmp_path / "module", "mesh", "1.2.3")
    (source / "templates").mkdir(mode=0o555)
    source.chmod(0o555)
    charts.unpacked(source, tmp_path / "copy")
    assert [path.stat().st_mode & 0o700 for path in (tmp_path / "copy", tmp_path / "copy/templates")] == [0o700, 0o700]
    source.chmod(0o755)


def test_a_chart_that_is_nowhere_is_absent_and_the_reason_says_where_it_was_looked_for(folder: Path, helm: Path, tmp_path: Path) -> None:
    chart(folder, "mesh", "1.2.2")
    found = locate(Wanted("mesh", "1.2.3", REPOSITORY), helm, tmp_path)
    assert isinstance(found, Absent)
    assert found.reason == (
        f"{folder} has no mesh in this version, only 1.2.2; no Go module of the local cluster carries it; {REPOSITORY} cannot be reached"
    )


def test_a_chart_of_the_environment_s_own_registry_is_never_asked_for_there(tmp_path: Path, helm: Path) -> None:
    where = "oci://123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/charts/mesh"
    found = locate(Wanted("mesh", "1.2.3", where), playing(helm, "exit 0"), tmp_path)
    assert isinstance(found, Absent)
    assert found.reason.endswith("the local AWS keeps no charts in ECR")


def test_a_chart_that_its_registry_has_is_pulled(tmp_path: Path, helm: Path) -> None:
    playing(helm, 'while [ "$1" != --untardir ]; do shift; done; mkdir "$2/mesh"')
    found = locate(Wanted("mesh", "1.2.3", REPOSITORY), helm, tmp_path)
    assert found == tmp_path / "mesh"
    assert (tmp_path / "mesh").is_dir()


def test_a_chart_that_a_reachable_registry_lacks_is_refused_in_helms_words(tmp_path: Path, helm: Path) -> None:
    playing(helm, 'echo \'Error: chart "mesh" version "9.9.9" not found in https://charts.invalid repository\' >&2; exit 1')
    with pytest.raises(ChartRefusedError, match=r'chart "mesh" version "9\.9\.9" not found'):
        locate(Wanted("mesh", "9.9.9", REPOSITORY), helm, tmp_path)


def test_karpenters_charts_come_from_its_go_module_in_its_version_only(tmp_path: Path, helm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "module"

    def carrying(_folder: Path, _module: str) -> Path:
        return module

    monkeypatch.setattr(carried, "module_folder", carrying)
    where = "oci://public.ecr.aws/karpenter/karpenter-crd"
    assert locate(Wanted("karpenter-crd", KARPENTER.version, where), helm, tmp_path) == module / "charts/karpenter-crd"
    found = locate(Wanted("karpenter-crd", "0.1.0", where), helm, tmp_path)
    assert isinstance(found, Absent)
    assert f"the Go module has version {KARPENTER.version}" in found.reason


def test_a_module_that_cannot_be_had_is_a_reason_and_no_failure(tmp_path: Path, helm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(_folder: Path, _module: str) -> Path:
        raise ProgramsUnavailableError("there is no Go toolchain")

    monkeypatch.setattr(carried, "module_folder", unavailable)
    found = locate(Wanted("karpenter", None, "oci://public.ecr.aws/karpenter/karpenter"), helm, tmp_path)
    assert isinstance(found, Absent)
    assert "there is no Go toolchain" in found.reason


def test_cert_managers_chart_gets_the_version_that_its_release_has_and_renders(tmp_path: Path, helm: Path) -> None:
    found = locate(Wanted("cert-manager", "v1.20.2", "oci://quay.io/jetstack/charts/cert-manager"), helm, tmp_path)
    assert found == tmp_path / "cert-manager"
    rendered = subprocess.run(
        [helm_path(), "template", "cert-manager", tmp_path / "cert-manager"], check=True, capture_output=True, text=True
    ).stdout
    assert 'app.kubernetes.io/version: "v1.20.2"' in rendered


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("base", "authorizationpolicies.security.istio.io"),
        ("external-secrets", "externalsecrets.external-secrets.io"),
        ("aws-load-balancer-controller", "targetgroupbindings.elbv2.k8s.aws"),
    ],
)
def test_kinds_of_a_chart_are_definitions_that_stay_and_fit_into_helms_record(tmp_path: Path, name: str, kind: str) -> None:
    chart = carried.kinds_chart(name, tmp_path / "kinds")
    assert chart
    rendered = subprocess.run([helm_path(), "template", name, chart], check=True, capture_output=True, text=True).stdout
    kinds = {item["metadata"]["name"]: item for item in (json.loads(line) for line in rendered.splitlines() if line.startswith("{"))}
    assert kinds[kind]["kind"] == "CustomResourceDefinition"
    assert {item["metadata"]["annotations"]["helm.sh/resource-policy"] for item in kinds.values()} == {"keep"}
    assert record_bytes({"kinds.json": (chart / "kinds.json").read_text()}, rendered) < RECORD_LIMIT // 2


def test_a_chart_whose_kinds_no_module_has_leaves_none(tmp_path: Path) -> None:
    assert carried.kinds_chart("mesh", tmp_path / "kinds") is None
    assert not (tmp_path / "kinds").exists()


def test_the_users_way_outside_reaches_the_programs() -> None:
    given = charts.outside({"HTTPS_PROXY": "http://proxy:3128", "GOPROXY": "https://mirror.example", "AWS_PROFILE": "mine"})
    assert "http://proxy:3128" in given[charts.OUTSIDE]
    assert "https://mirror.example" in given[charts.OUTSIDE]
    assert "mine" not in given[charts.OUTSIDE]
