from typing import cast

import pytest

from mlplatform.local.cluster.karpenter import Karpenter
from mlplatform.local.cluster.karpenter_keeper import KarpenterKeeper
from mlplatform.local.cluster.karpenter_settings import KarpenterError, KarpenterSettings, given

ROLE = "arn:aws:iam::123456789012:role/karpenter"
FIRST, SECOND = (given(cluster=name, queue=name, role_arn=ROLE) for name in ("first", "second"))


class Controller:
    """What a keeper sees of Karpenter."""

    def __init__(self) -> None:
        self.runs = False
        self.history: list[str] = []
        self.failure: KarpenterError | None = None

    def start(self, settings: KarpenterSettings) -> None:
        if self.failure:
            raise self.failure
        self.runs = True
        self.history.append(settings.environment["CLUSTER_NAME"])

    def stop(self) -> None:
        if self.runs:
            self.history.append("stop")
        self.runs = False


class Kept:
    """A keeper and what it is told."""

    def __init__(self) -> None:
        self.controller = Controller()
        self.wanted: KarpenterSettings | None = None
        self.keeper = KarpenterKeeper(cast("Karpenter", self.controller), lambda: self.wanted)

    def look(self, wanted: KarpenterSettings | None) -> list[str]:
        self.wanted = wanted
        self.keeper.look()
        return self.controller.history


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_nothing_runs_before_a_release_is_installed(kept: Kept) -> None:
    assert kept.look(None) == []


def test_a_release_that_stays_as_it_is_is_started_once(kept: Kept) -> None:
    kept.look(FIRST)
    assert kept.look(FIRST) == ["first"]


def test_a_changed_release_restarts_the_controller(kept: Kept) -> None:
    kept.look(FIRST)
    assert kept.look(SECOND) == ["first", "stop", "second"]


def test_an_uninstalled_release_ends_the_controller(kept: Kept) -> None:
    kept.look(FIRST)
    assert kept.look(None) == ["first", "stop"]


def test_a_controller_that_ended_is_started_again(kept: Kept) -> None:
    kept.look(FIRST)
    kept.controller.runs = False
    assert kept.look(FIRST) == ["first", "first"]


def test_a_controller_that_cannot_start_says_why_and_is_tried_again_after_a_pause(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("mlplatform.local.cluster.karpenter_keeper.time.monotonic", lambda: now[0])
    kept.controller.failure = KarpenterError("no role")
    kept.look(FIRST)
    assert kept.keeper.problem == "no role"
    kept.controller.failure = None
    assert kept.look(FIRST) == []
    now[0] += 3
    assert kept.look(FIRST) == ["first"]
    assert kept.keeper.problem is None


def test_a_keeper_that_stops_ends_the_controller(kept: Kept) -> None:
    kept.keeper.start()
    kept.look(FIRST)
    kept.keeper.stop()
    kept.keeper.stop()
    assert kept.controller.history[-1] == "stop"
