"""What a test or a demonstration turns while the local AWS runs: capacity that is refused, spot that is taken back.

Separate from AWS's own APIs because AWS has no such thing: it is plain JSON over HTTP below `/_local/`.
"""

import json
from collections.abc import Iterator
from typing import Any, Literal, cast

from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.wrappers import Request, Response

from mlplatform.local.aws.account import played_account
from mlplatform.local.aws.compute import events
from mlplatform.local.aws.compute.capacity import Scope
from mlplatform.local.aws.compute.fleet import FleetBackend
from mlplatform.local.aws.compute.lifecycle import later

CAPACITY, INTERRUPT = "/_local/capacity", "/_local/interrupt/"
_NOTICE_SECONDS = 120.0


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Limit(_Closed):
    """The body of a POST to `/_local/capacity`."""

    region: str
    instance_type: str | None = None
    zone: str | None = None
    capacity_type: Literal["on-demand", "spot"] | None = None
    remaining: int | None = Field(ge=0)


class _Interruption(_Closed):
    """The body of a POST to `/_local/interrupt/INSTANCE`."""

    event: Literal["interruption", "rebalance"] = "interruption"
    seconds: float | None = Field(default=_NOTICE_SECONDS, ge=0)


def answer(request: Request) -> Response:
    """Answer a request below `/_local/`.

    `GET /_local/capacity` lists the limits, `POST` sets one (`remaining: null` takes it away), `DELETE` takes all away.
    `POST /_local/interrupt/INSTANCE` sends the event that EC2 sends about a spot instance, and after an interruption ends the
    instance `seconds` later, 120 as on EC2 unless said otherwise, never for null.
    """
    try:
        if request.path == CAPACITY:
            return _capacity(request)
        if request.method != "POST":
            return _json({"error": "only POST is answered here"}, 405)
        return _interrupt(request.path.removeprefix(INTERRUPT), _Interruption.model_validate_json(request.get_data() or b"{}"))
    except ValidationError as error:
        return _json({"error": "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())}, 400)


def _capacity(request: Request) -> Response:
    if request.method == "POST":
        limit = _Limit.model_validate_json(request.get_data())
        scope = Scope(instance_type=limit.instance_type, zone=limit.zone, capacity_type=limit.capacity_type)
        _ec2(limit.region).capacity.limit(scope, limit.remaining)
    elif request.method == "DELETE":
        for region in _regions():
            _ec2(region).capacity.clear()
    return _json({"limits": list(_limits())})


def _limits() -> Iterator[dict[str, Any]]:
    for region in _regions():
        for scope, remaining in _ec2(region).capacity.limits.items():
            yield {"region": region, **vars(scope), "remaining": remaining}


def _interrupt(instance_id: str, wanted: _Interruption) -> Response:
    instance = _find(instance_id)
    if instance is None:
        return _json({"error": f"{instance_id}: there is no such instance"}, 404)
    if instance.lifecycle != "spot" or instance.state != "running":
        kind = instance.lifecycle or "on-demand"
        return _json({"error": f"{instance_id}: is {instance.state}, {kind}; only a running spot instance is interrupted"}, 409)
    region = instance.region_name
    if wanted.event == "rebalance":
        return _json({"rules": events.publish(played_account(), region, events.REBALANCE, instance_id)})
    taken = events.publish(played_account(), region, events.INTERRUPTION, instance_id, **{"instance-action": "terminate"})
    if wanted.seconds is not None:
        later(wanted.seconds, lambda: _ec2(region).terminate_instances([instance_id]))
    return _json({"rules": taken})


def _find(instance_id: str) -> Instance | None:
    found = (_ec2(region).get_instance_by_id(instance_id) for region in _regions())
    return next((instance for instance in found if instance), None)


def _regions() -> list[str]:
    """Return the regions in which anyone used EC2 so far."""
    return [str(backend.region_name) for backend in ec2_backends[played_account()].values()]


def _ec2(region: str) -> FleetBackend:
    return cast("FleetBackend", ec2_backends[played_account()][region])


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")
