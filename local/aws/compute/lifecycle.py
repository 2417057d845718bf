"""An instance's life: pending, running, a node; shutting down, terminated, the node gone. Each step takes a moment, as on EC2.

Separate because moto's instances run at once and are terminated at once, and nobody is told.
"""

import copy
import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock, Timer
from typing import Any, ClassVar

from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance, InstanceState, Reservation

from mlplatform.local.aws.compute import events, joining

_LOG = logging.getLogger(__name__)
_PENDING, _RUNNING, _SHUTTING_DOWN = InstanceState("pending", 0), InstanceState("running", 16), InstanceState("shutting-down", 32)


@dataclass(frozen=True)
class Delays:
    """How many seconds the steps take."""

    start: float = 1.0
    """From the launch until the instance runs."""
    join: float = 1.0
    """From then until its kubelet has joined the cluster."""
    stop: float = 1.0
    """From the request to terminate until the instance is gone."""


class LifecycleBackend(EC2Backend):
    """An EC2 whose instances take their time."""

    delays: ClassVar[Delays] = Delays()

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._launching = RLock()

    def all_reservations(self, filters: Any = None) -> list[Reservation]:
        """Return what was launched, none of it half launched."""
        with self._launching:
            return super().all_reservations(filters)

    def run_instances(self, *args: Any, **kwargs: Any) -> Reservation:
        """Launch instances, which are pending at first."""
        with self._launching:
            reservation = super().run_instances(*args, **kwargs)
            for instance in reservation.instances:
                _enter(instance, _PENDING)
        for instance in reservation.instances:
            self._announce(instance)
            later(self.delays.start, lambda instance=instance: self._start(instance))
        return reservation

    def terminate_instances(self, instance_ids: list[str]) -> list[tuple[Instance, InstanceState]]:
        """Shut instances down; those that are going or gone already stay as they are."""
        protected = [instance.id for instance in self.get_multi_instances_by_id(instance_ids) if instance.disable_api_termination]
        if protected or not instance_ids:
            return super().terminate_instances(protected)  # which refuses with EC2's words
        ended: list[tuple[Instance, InstanceState]] = []
        for instance in self.get_multi_instances_by_id(instance_ids):
            ended.append((instance, copy.copy(instance.instance_state)))
            if instance.state not in {"shutting-down", "terminated"}:
                _enter(instance, _SHUTTING_DOWN)
                self._announce(instance)
                later(self.delays.stop, lambda instance=instance: self._end(instance))
        return ended

    def _start(self, instance: Instance) -> None:
        if instance.state == "pending":
            _enter(instance, _RUNNING)
            self._announce(instance)
            later(self.delays.join, lambda: joining.join(instance) if instance.state == "running" else None)

    def _end(self, instance: Instance) -> None:
        instance.terminate()
        self._announce(instance)
        joining.leave(instance)

    def _announce(self, instance: Instance) -> None:
        events.publish(self.account_id, self.region_name, events.STATE_CHANGE, instance.id, state=instance.state)


def _enter(instance: Instance, state: InstanceState) -> None:
    instance._state = copy.copy(state)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - moto has no other way to set it


def later(seconds: float, action: Callable[[], object]) -> None:
    """Do something in a while, unless this process ends before."""

    def act() -> None:
        try:
            action()
        except Exception:  # noqa: BLE001 - nobody waits for a timer: what fails in it would vanish
            _LOG.exception("an instance's next step failed")

    timer = Timer(seconds, act)
    timer.daemon = True
    timer.start()
