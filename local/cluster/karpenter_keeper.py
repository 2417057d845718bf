"""Runs Karpenter as its release says, for as long as a cluster is up: what a Deployment's controller and a kubelet would do.

Separate from the process because a release comes, changes and goes while everything else stays.
"""

import logging
import threading
import time
from collections.abc import Callable

from mlplatform.local.cluster.api import ApiError, ApiUnreachableError
from mlplatform.local.cluster.karpenter import Karpenter
from mlplatform.local.cluster.karpenter_settings import KarpenterError, KarpenterSettings
from mlplatform.local.cluster.processes import ProcessError

_LOG = logging.getLogger(__name__)
_SECONDS = 1.0
_LONGEST_PAUSE = 30.0


class KarpenterKeeper:
    """Keeps one controller as the cluster wants it, between `start` and `stop`."""

    def __init__(self, karpenter: Karpenter, wanted: Callable[[], KarpenterSettings | None]) -> None:
        """Prepare; nothing runs yet.

        Args:
            karpenter: the controller.
            wanted: answers how it is to run now, or None where it is not to run; `installed` does so.
        """
        self._karpenter, self._wanted = karpenter, wanted
        self._current: KarpenterSettings | None = None
        self._failures, self._not_before = 0, 0.0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.problem: str | None = None
        """Why it does not run although it should; None while it does."""

    def start(self) -> None:
        """Keep it until `stop`."""
        self._ended.clear()
        self._thread = threading.Thread(target=self._keep, name="karpenter-keeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the controller and keep it no more; it may be called twice."""
        self._ended.set()
        if self._thread:
            self._thread.join()
            self._thread = None
        self._karpenter.stop()
        self._current = None

    def look(self) -> None:
        """Bring the controller to what is wanted now; a failure is noted, and tried again after a pause that grows."""
        try:
            wanted = self._wanted()
            if wanted == self._current and (wanted is None or self._karpenter.runs):
                return
            if time.monotonic() < self._not_before:
                return
            self._karpenter.stop()
            self._current = None
            if wanted:
                self._karpenter.start(wanted)
                self._current = wanted
        except (KarpenterError, ProcessError, ApiError, ApiUnreachableError) as error:
            self._fail(str(error))
        else:
            self._failures, self.problem = 0, None

    def _fail(self, problem: str) -> None:
        self._failures += 1
        self._not_before = time.monotonic() + min(2.0**self._failures, _LONGEST_PAUSE)
        if problem != self.problem:
            _LOG.warning("Karpenter does not run: %s", problem)
        self.problem = problem

    def _keep(self) -> None:
        while not self._ended.wait(_SECONDS):
            self.look()
