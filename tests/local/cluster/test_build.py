"""Builds with a stand-in for Go, which writes a shell script where Go would write a program."""

import threading
from pathlib import Path

import pytest
from filelock import FileLock

from mlplatform.local.cluster import build as subject
from mlplatform.local.cluster import golang
from mlplatform.local.cluster.build import BuildError, ProgramsUnavailableError, build, find, missing
from mlplatform.local.cluster.catalogue import PROGRAMS

GO = """#!/bin/sh
echo "$*" >> "$HOME/calls"
[ -e "$HOME/unreachable" ] && { echo 'Get "https://modules.example/x.mod": dial tcp: lookup modules.example: no such host' >&2; exit 1; }
[ -e "$HOME/tampered" ] && { echo 'verifying module: checksum mismatch' >&2; echo 'SECURITY ERROR' >&2; exit 1; }
[ "$1" = list ] && exit 0
while [ "$1" != -o ]; do shift; done
case "$2" in *"$(cat "$HOME/broken" 2>/dev/null || echo none)") echo 'main.go:7:2: undefined: x' >&2; exit 1;; esac
echo '#!/bin/sh' > "$2"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    go = tmp_path / "go"
    go.write_text(GO)
    go.chmod(0o755)
    monkeypatch.setattr(golang, "toolchain", lambda: go)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    return tmp_path


def calls(home: Path) -> list[str]:
    return (home / "calls").read_text().splitlines()


def ignore(_: str) -> None:
    return


def test_every_program_is_built(home: Path):
    assert find() is None
    paths = build(ignore)
    assert all(program.path.exists() for program in PROGRAMS)
    assert paths == find()
    assert sum(call.startswith("build") for call in calls(home)) == len(PROGRAMS)


def test_what_is_built_is_not_built_again(home: Path):
    build(ignore)
    before = calls(home)
    build(ignore)
    assert calls(home) == before


def test_a_build_that_was_cut_goes_on_where_it_was(home: Path):
    (home / "broken").write_text("kwok")
    with pytest.raises(BuildError, match="undefined: x"):
        build(ignore)
    assert [program.name for program in missing()] == ["kwok", "karpenter"]
    (home / "broken").unlink()
    (home / "calls").unlink()
    build(ignore)
    assert [call.split("/")[-1] for call in calls(home) if call.startswith("build")] == ["kwok", "controller"]


def test_a_failed_build_leaves_nothing_that_looks_finished(home: Path):
    (home / "broken").write_text("etcd")
    with pytest.raises(BuildError):
        build(ignore)
    assert [path.name for path in (home / "cache" / "mlplatform" / "programs").iterdir()] == [".lock"]


@pytest.mark.usefixtures("home")
def test_what_is_left_of_a_killed_build_does_not_matter():
    folder = PROGRAMS[0].path.parent
    part = folder.with_name(f".{folder.name}.part")
    part.mkdir(parents=True)
    (part / "etcd").write_text("half a program")
    build(ignore)
    assert PROGRAMS[0].path.read_text() == "#!/bin/sh\n"
    assert not part.exists()


def test_an_unreachable_module_proxy_is_named_with_what_helps(home: Path):
    (home / "unreachable").touch()
    with pytest.raises(
        ProgramsUnavailableError, match=r"no Go module proxy could be reached: .*no such host; .*GOPROXY.*KUBEBUILDER_ASSETS"
    ):
        build(ignore)


def test_a_module_that_is_not_what_go_sum_says_is_no_matter_of_the_network(home: Path):
    (home / "tampered").touch()
    with pytest.raises(BuildError, match="checksum mismatch"):
        build(ignore)


def test_programs_that_the_user_has_are_not_built(home: Path, monkeypatch: pytest.MonkeyPatch):
    offer = home / "assets"
    offer.mkdir()
    for name, says in (("etcd", "etcd Version: 3.7.0"), ("kube-apiserver", "Kubernetes v1.36.2")):
        (offer / name).write_text(f"#!/bin/sh\necho '{says}'\n")
        (offer / name).chmod(0o755)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(offer))
    paths = build(ignore)
    assert (paths.etcd, paths.kube_apiserver) == (offer / "etcd", offer / "kube-apiserver")
    assert sum(call.startswith("build") for call in calls(home)) == len(PROGRAMS) - 2


@pytest.mark.usefixtures("home")
def test_two_builds_at_once_are_one():
    told: list[str] = []
    waiting = threading.Event()

    def tell(line: str) -> None:
        told.append(line)
        waiting.set()

    subject.programs_cache().mkdir(parents=True)
    with FileLock(subject.programs_cache() / ".lock"):
        second = threading.Thread(target=build, args=(tell,))
        second.start()
        assert waiting.wait(10)
    second.join()
    assert told[0] == "another build is running; waiting for it"
    assert find()


@pytest.mark.usefixtures("home")
def test_progress_tells_number_version_and_time_left():
    told: list[str] = []
    build(told.append)
    assert told[0].startswith("building etcd 3.7.3 (1 of 6), about ")
    assert told[1].startswith("built etcd in 0 s, ")
    assert len(told) == 2 * len(PROGRAMS)


def test_go_sees_its_own_settings_and_nothing_of_the_shell_s_flags(home: Path, monkeypatch: pytest.MonkeyPatch):
    (home / "go").write_text('#!/bin/sh\nenv > "$HOME/seen"\n')
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    monkeypatch.setenv("GOPROXY", "https://modules.example")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    golang.download(PROGRAMS[0].folder, ".", lambda _: None)
    seen = (home / "seen").read_text().splitlines()
    assert "GOFLAGS=-mod=readonly" in seen
    assert "CGO_ENABLED=0" in seen
    assert "GOPROXY=https://modules.example" in seen
    assert not any(line.startswith("AWS_") for line in seen)
