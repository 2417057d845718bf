"""The clusters of a local AWS as a person sees them: where they are, what runs for them and which ports that opens.

Separate from EKS's API because AWS has no such thing: it is plain JSON over HTTP below `/_local/clusters`.
"""

import json
from typing import Any

import psutil
from werkzeug.wrappers import Request, Response

from mlplatform.local.aws.clusters import built_in
from mlplatform.local.aws.clusters.planes import Planes
from mlplatform.local.aws.clusters.running import RunningCluster
from mlplatform.local.cluster.api import ApiError, ApiUnreachableError
from mlplatform.local.cluster.golang import ProgramsUnavailableError
from mlplatform.local.cluster.karpenter_settings import KarpenterError

PATH = "/_local/clusters"


def answer(request: Request, planes: Planes, endpoint: str) -> Response:
    """Answer a request: `GET /_local/clusters` lists them, `POST /_local/clusters/REGION/NAME/karpenter` sees that Karpenter acts in one."""
    match [*request.path.removeprefix(PATH).split("/")[1:], request.method]:
        case ["GET"]:
            return _json({"clusters": [_shown(cluster) for cluster in planes.running()]})
        case [region, name, "karpenter", "POST"]:
            return _karpenter(planes.find(region, name), f"{region}/{name}", endpoint)
        case _:
            return _json({"error": f"{request.method} {request.path} is not answered here"}, 404)


def _karpenter(cluster: RunningCluster | None, named: str, endpoint: str) -> Response:
    if cluster is None:
        return _json({"error": f"{named}: no such cluster runs"}, 404)
    try:
        built_in.ensure(cluster, endpoint)
    except (built_in.BuiltInRefusedError, KarpenterError, ProgramsUnavailableError, ApiError, ApiUnreachableError) as error:
        return _json({"error": str(error)}, 409)
    return _json(_shown(cluster))


def _shown(cluster: RunningCluster) -> dict[str, Any]:
    processes = cluster.plane.processes
    pids = processes.pids()
    return {
        "region": cluster.identity.region,
        "name": cluster.identity.name,
        "kubeconfig": str(cluster.kubeconfig),
        "logs": str(processes.logs),
        "processes": {name: {"pid": pid, "bytes": _memory(pid)} for name, pid in pids.items()},
        "listeners": [listener._asdict() for listener in cluster.listeners],
        "built_in": cluster.given is not None,
        "problem": cluster.karpenter_problem,
    }


def _memory(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:  # it has ended since it was listed
        return 0


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")
