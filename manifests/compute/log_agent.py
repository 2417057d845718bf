"""The log agent: what containers write reaches CloudWatch Logs, where it outlives the node that they ran on.

Separate because it is the one agent that leaves the cluster. It learns a line's pod from the name of the line's file, and so asks the API
server nothing: no rights in the cluster, and no load on it from a hundred nodes. Sources: https://docs.fluentbit.io/manual/ (5.0).
"""

from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.node_agent import AS_ROOT, host_path, node_agent
from mlplatform.manifests.namespaces import NODE_AGENTS
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Resources, checksum, config_map, config_volume, container, http_probe, service_account, variable

ROLE = "log-agent"
"""The purpose of its IAM role, and the name of its ServiceAccount in the namespace of node agents."""
_NAME = "log-agent"
_PORT = 2020
_CONFIG = "/etc/fluent-bit"
_STATE = "/var/lib/log-agent"
_LOGS = "/var/log"


def objects(settings: Settings) -> list[Object]:
    """Return the agent, its configuration and its identity; nothing where logs are not collected."""
    if not settings.compute.logs.collected:
        return []
    written = configuration(settings.names.container_log_group, settings.region)
    return [
        service_account(ROLE, NODE_AGENTS, role_arn=settings.names.role_arn(ROLE)),
        config_map(_NAME, NODE_AGENTS, {"fluent-bit.yaml": written}),
        agent(settings.image("fluent-bit"), written, settings.region),
    ]


def agent(image: str, written: str, region: str) -> Object:
    """Return the agent's DaemonSet, on every node.

    Args:
        image: Fluent Bit.
        written: Its configuration: another one starts it anew.
        region: The AWS region that it writes to.
    """
    main = container(
        _NAME,
        image,
        Resources(cpu="50m", memory="64Mi", memory_limit="256Mi"),
        command=["/fluent-bit/bin/fluent-bit", "-c", f"{_CONFIG}/fluent-bit.yaml"],
        env=[variable("AWS_REGION", region), variable("NODE_NAME", field="spec.nodeName")],
        ports={"http": _PORT},
        mounts={"state": _STATE},
        read_only_mounts={"config": _CONFIG, "logs": _LOGS},
        # Whether CloudWatch answers is no reason to start anew, and lose what is in memory.
        liveness=http_probe("/", "http", delay=10),
        readiness=http_probe("/api/v1/health", "http", delay=10),
        # Files of containers' logs, and its own record of how far it has read, belong to root.
        security=AS_ROOT,
    )
    volumes = [config_volume("config", _NAME), host_path("logs", _LOGS, "Directory"), host_path("state", _STATE, "DirectoryOrCreate")]
    # As long as a node that is taken back has: what is written last is what says why.
    return node_agent(
        _NAME,
        [main],
        account=ROLE,
        annotations=checksum({"fluent-bit.yaml": written}),
        volumes=volumes,
        # EKS adds the token for IAM by itself; there is nothing to ask the API server.
        automountServiceAccountToken=False,
        terminationGracePeriodSeconds=30,
    )


def configuration(group: str, region: str) -> str:
    """Return Fluent Bit's configuration.

    Args:
        group: The log group; each container has a stream in it, `namespace.pod.container`.
        region: Its region.
    """
    return f"""\
service:
  flush: 2
  grace: 20
  log_level: warn
  http_server: on
  http_listen: 0.0.0.0
  http_port: {_PORT}
  health_check: on
  storage.path: {_STATE}/buffer
  storage.max_chunks_up: 32
  storage.backlog.mem_limit: 16M

parsers:
  - name: container-file
    format: regex
    regex: '/(?<pod>[^/_]+)_(?<namespace>[^/_]+)_(?<container>[^/_]+)-[0-9a-f]{{64}}\\.log$'

pipeline:
  inputs:
    - name: tail
      tag: container
      path: {_LOGS}/containers/*.log
      exclude_path: {_LOGS}/containers/{_NAME}-*_{NODE_AGENTS}_*.log
      path_key: file
      multiline.parser: cri
      db: {_STATE}/read.db
      db.locking: true
      read_from_head: true
      refresh_interval: 5
      rotate_wait: 30
      skip_long_lines: on
      buffer_max_size: 1M
      storage.type: filesystem
  filters:
    - name: parser
      match: container
      key_name: file
      parser: container-file
      reserve_data: on
    - name: record_modifier
      match: container
      remove_key: _p
      record: node ${{NODE_NAME}}
  outputs:
    - name: cloudwatch_logs
      match: container
      region: {region}
      log_group_name: {group}
      log_stream_prefix: unknown.
      log_stream_template: $namespace.$pod.$container
      auto_create_group: false
      storage.total_limit_size: 512M
      retry_limit: no_limits
"""
