"""What EKS writes into the user data of a managed node: the cluster that it joins, and as what.

Separate because EKS merges it with the user data of the group's own launch template.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from typing import Any


def user_data(cluster: str, labels: Mapping[str, str], taints: Sequence[Mapping[str, str]], own: str | None = None) -> str:
    """Return user data in base64 by which an instance of Amazon Linux 2023 joins a cluster.

    Args:
        cluster: its name.
        labels: of the node.
        taints: of the node, as Kubernetes writes them.
        own: user data of the launch template in base64, whose parts come first, so that EKS's win.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html#launch-template-user-data
    """
    flags = ["--node-labels=" + ",".join(f"{key}={value}" for key, value in sorted(labels.items()))]
    kubelet = {"flags": flags, "config": {"registerWithTaints": list(taints)}}
    spec = {"cluster": {"name": cluster}, "kubelet": kubelet}
    document = MIMEMultipart()
    for part in _parts(own):
        document.attach(part)
    document.attach(_part({"apiVersion": "node.eks.aws/v1alpha1", "kind": "NodeConfig", "spec": spec}))
    return base64.b64encode(document.as_bytes()).decode()


def _parts(own: str | None) -> list[Message]:
    if not own:
        return []
    given = message_from_bytes(base64.b64decode(own))
    return [part for part in given.walk() if not part.is_multipart()] if given.is_multipart() else []


def _part(node_config: Mapping[str, Any]) -> Message:
    part = MIMENonMultipart("application", "node.eks.aws")
    # JSON is YAML.
    part.set_payload(json.dumps(node_config))
    return part
