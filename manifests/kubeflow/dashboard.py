"""The central dashboard: the page that people come to, and the frame around every other.

Separate because it is the one component that all others are seen in. Source:
https://github.com/kubeflow/dashboard/tree/v2.0.0/components/centraldashboard .
"""

import json

from mlplatform.config.settings import Settings
from mlplatform.manifests.kubeflow.access_management import PORT as ACCESS_MANAGEMENT_PORT
from mlplatform.manifests.kubeflow.dashboard_links import shown
from mlplatform.manifests.kubeflow.profile_namespace import ACCESS_MANAGEMENT, USERID_HEADER
from mlplatform.manifests.namespaces import KUBEFLOW
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Resources, config_map, container, granted, http_probe, rule, system_pod, variable, web_app

_NAME = "dashboard"
_CONFIG = "dashboard-config"
_PORT = 8082


def objects(settings: Settings) -> list[Object]:
    """Return the dashboard, its links, what it may read and the path to it: every one that no other component takes."""
    # Applications bring users back into the frame when somebody opens one by its own path.
    framed = json.dumps({"DASHBOARD_FORCE_IFRAME": True})
    return [
        config_map(_CONFIG, KUBEFLOW, {"links": shown(settings), "settings": framed}, component=_NAME),
        *web_app(_NAME, KUBEFLOW, _pod(settings.image("dashboard")), prefix="/", replicas=2),
        *_permissions(),
    ]


def _pod(image: str) -> dict[str, object]:
    main = container(
        _NAME,
        image,
        Resources(cpu="20m", memory="128Mi", memory_limit="512Mi"),
        # The image would start npm, which writes beside the program and asks the internet for a newer npm.
        command=["/sbin/tini", "--"],
        args=["node", "dist/server.js"],
        env=[
            variable("PROFILES_KFAM_SERVICE_HOST", f"{ACCESS_MANAGEMENT}.{KUBEFLOW}.svc.cluster.local"),
            variable("PROFILES_KFAM_SERVICE_PORT", str(ACCESS_MANAGEMENT_PORT)),
            variable("DASHBOARD_CONFIGMAP", _CONFIG),
            variable("LOGOUT_URL", "/oauth2/sign_out"),
            variable("POD_NAMESPACE", field="metadata.namespace"),
            variable("USERID_HEADER", USERID_HEADER),
            # Both have defaults of Google's.
            variable("USERID_PREFIX"),
            # Tenants come from the environment's file.
            variable("REGISTRATION_FLOW", "false"),
            # They would be at a path of the gateway, for whoever is signed in.
            variable("COLLECT_METRICS", "false"),
        ],
        ports={"http": _PORT},
        liveness=http_probe("/healthz", "http", delay=15, period=30),
        readiness=http_probe("/healthz", "http"),
        security={"runAsUser": 1000},
    )
    return system_pod(_NAME, [main], account=_NAME, enableServiceLinks=False)


def _permissions() -> list[Object]:
    """Return what the dashboard reads: its links, and the events of a namespace for those who may use it.

    Upstream also reads pods and their logs, which its code no longer does; nodes, for clouds of Google's alone; and namespaces, all of
    which it would name to whoever is signed in. Without these rights it says so in its log when it starts, and goes on.
    """
    links = rule("", ["configmaps"], ["get"], names=[_CONFIG])
    return granted(_NAME, KUBEFLOW, _NAME, everywhere=[rule("", ["events"], ["list"])], own=[links])
