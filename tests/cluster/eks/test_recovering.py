"""`mlp release recover` as a person runs it, signed in to the environment's own cluster by AWS credentials alone."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from mlplatform.local.aws.process import LocalAws
from mlplatform.manifests import Release
from mlplatform.manifests.shapes import Resources, container, deployment, labels, pod
from tests.cluster.charts import history, step, write_chart
from tests.cluster.cluster import Cluster, RefusedError
from tests.cluster.eks.cloud import Cloud

NAME, REGION = "china-dev", "cn-north-1"


@pytest.fixture
def cloud(aws: LocalAws, tmp_path: Path) -> Cloud:
    return Cloud(aws, REGION, tmp_path)


class Engineer:
    """Somebody who wears a role and runs `mlp`."""

    def __init__(self, cloud: Cloud) -> None:
        self.role = cloud.role("platform-engineer")
        worn = cloud.client("sts").assume_role(RoleArn=self.role, RoleSessionName="alice")["Credentials"]
        self._environment = {
            **os.environ,
            **cloud.aws.running.environment(REGION),
            "AWS_ACCESS_KEY_ID": worn["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": worn["SecretAccessKey"],
            "AWS_SESSION_TOKEN": worn["SessionToken"],
        }

    def recover(self) -> tuple[int, str]:
        """Run the command; return its exit code and what it said."""
        command = [sys.executable, "-m", "mlplatform.ops", "release", "recover", NAME]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr


def test_a_release_whose_step_was_killed_is_brought_back_by_the_command(cloud: Cloud, tmp_path: Path) -> None:
    engineer = Engineer(cloud)
    code, said = engineer.recover()
    assert code == 3
    assert f"{NAME} has no cluster {NAME} in {REGION}" in said

    cloud.create_cluster(NAME, cloud.subnets(2))
    cluster = cloud.administrator(NAME)
    template = pod(
        labels("pools"),
        [container("app", "registry.example.com/app:1", Resources("10m", "16Mi"))],
        nodeSelector={"example.com/there-is": "no-such-node"},
    )
    # A release of the environment's own name, which never becomes ready.
    pools = Release("pools", "kube-system", "nodes", objects=[deployment("pools", "kube-system", template)])
    with step(cluster, pools, write_chart(tmp_path / "chart", pools)):
        while "pending-install" not in states(cluster, pools):
            time.sleep(0.1)

    code, said = engineer.recover()
    assert code == 3
    assert "the cluster does not know you: sign in as one of cluster.administrators" in said

    cloud.eks.create_access_entry(clusterName=NAME, principalArn=engineer.role)
    policy = f"arn:{cloud.partition.name}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    cloud.eks.associate_access_policy(clusterName=NAME, principalArn=engineer.role, policyArn=policy, accessScope={"type": "cluster"})
    # The API server remembers for a second what it was told of a token; each run has a token of its own.
    code, said = engineer.recover()
    assert code == 0, said
    assert "release pools was pending-install: removed" in said
    with pytest.raises(RefusedError, match="not found"):
        history(cluster, pools)
    assert engineer.recover() == (0, "no release of china-dev is stuck\n")


def states(cluster: Cluster, release: Release) -> Sequence[str]:
    try:
        return history(cluster, release)
    except RefusedError:
        return ()
