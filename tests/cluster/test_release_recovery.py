import json
import time
from pathlib import Path

import pytest

from mlplatform.manifests import Release
from mlplatform.manifests.shapes import Resources, config_map, container, deployment, labels, pod
from mlplatform.ops.recovery import Helm, recover
from tests.cluster.charts import history, installed, step, write_chart
from tests.cluster.cluster import Cluster, RefusedError


def whole(namespace: str, word: str = "one") -> Release:
    return Release("app", namespace, "nodes", objects=[config_map("app", namespace, {"word": word})])


def never_ready(namespace: str) -> Release:
    template = pod(
        labels("app"),
        [container("app", "registry.example.com/app:1", Resources("10m", "16Mi"))],
        nodeSelector={"example.com/there-is": "no-such-node"},
    )
    return Release(
        "app", namespace, "nodes", objects=[config_map("app", namespace, {"word": "bad"}), deployment("app", namespace, template)]
    )


def kill_the_step(cluster: Cluster, release: Release, chart: Path, state: str) -> None:
    with step(cluster, release, chart) as process:
        while state not in pending(cluster, release):
            assert process.poll() is None, "the step ended by itself"
            time.sleep(0.1)


def pending(cluster: Cluster, release: Release) -> list[str]:
    entries = json.loads(cluster.helm("list", "--pending", "--namespace", release.namespace, "--output", "json"))
    return [entry["status"] for entry in entries]


def test_a_first_installation_that_was_cut_blocks_every_upgrade_until_it_is_recovered(cluster: Cluster, namespace: str, tmp_path: Path):
    bad, good = never_ready(namespace), whole(namespace)
    kill_the_step(cluster, bad, write_chart(tmp_path / "bad", bad), "pending-install")
    chart = write_chart(tmp_path / "good", good)
    with pytest.raises(RefusedError, match="another operation"):
        installed(cluster, good, chart)

    recovered = recover(Helm(cluster.kubeconfig), [good])

    assert [(one.release, one.was) for one in recovered] == [("app", "pending-install")]
    assert "removed" in recovered[0].done
    installed(cluster, good, chart)
    assert history(cluster, good) == ["deployed"]
    assert cluster.get("deployments", namespace=namespace)["items"] == []


def test_an_upgrade_that_was_cut_is_rolled_back_to_the_last_whole_revision(cluster: Cluster, namespace: str, tmp_path: Path):
    good, bad, better = whole(namespace), never_ready(namespace), whole(namespace, "two")
    installed(cluster, good, write_chart(tmp_path / "good", good))
    kill_the_step(cluster, bad, write_chart(tmp_path / "bad", bad), "pending-upgrade")
    chart = write_chart(tmp_path / "better", better)
    with pytest.raises(RefusedError, match="another operation"):
        installed(cluster, better, chart)

    recovered = recover(Helm(cluster.kubeconfig), [good])

    assert recovered[0].done == "rolled back to revision 1"
    assert cluster.get("configmap", "app", namespace=namespace)["data"] == {"word": "one"}
    assert cluster.get("deployments", namespace=namespace)["items"] == []
    installed(cluster, better, chart)
    assert cluster.get("configmap", "app", namespace=namespace)["data"] == {"word": "two"}


def test_releases_of_others_are_left_alone(cluster: Cluster, namespace: str, tmp_path: Path):
    theirs = never_ready(namespace)
    kill_the_step(cluster, theirs, write_chart(tmp_path / "theirs", theirs), "pending-install")
    ours = Release("ours", namespace, "nodes", objects=theirs.objects)
    assert recover(Helm(cluster.kubeconfig), [ours]) == []
    assert pending(cluster, theirs) == ["pending-install"]


def test_nothing_is_done_where_nothing_is_stuck(cluster: Cluster, namespace: str, tmp_path: Path):
    good = whole(namespace)
    installed(cluster, good, write_chart(tmp_path / "good", good))
    assert recover(Helm(cluster.kubeconfig), [good]) == []
    assert history(cluster, good) == ["deployed"]
