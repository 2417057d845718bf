"""One Helm release in a cluster: objects of ours as an asset, or a publisher's chart by its version.

Separate because every trap of CDK's Helm step is met here once.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from mlplatform.manifests import Release
from mlplatform.manifests.late import filled, late_names
from mlplatform.manifests.package import chart_files, chart_values


class HelmRelease(Construct):
    """A release that is installed with its pods ready, and upgraded or removed as its description changes.

    Helm does not undo a failed step by itself (`atomic`): that waits as long again, which CDK's step of 15 minutes would cut.
    CloudFormation's own rollback installs what was there before.
    """

    def __init__(self, scope: Construct, id: str, *, cluster: eks.Cluster, release: Release, late: Mapping[str, str]) -> None:
        """Install a release.

        Args:
            scope: The stack, or what gathers releases.
            id: The construct's id.
            cluster: A cluster with a kubectl provider.
            release: What is installed.
            late: Values that only the deployment knows, by name, of which the release takes what it names.

        Raises:
            ValueError: The release names a late value that is not given.
        """
        super().__init__(scope, id)
        names = late_names([release.objects, release.values])
        if missing := [name for name in names if name not in late]:
            msg = f"{self.node.path}: nothing gives the late values {missing}; give them where the stack makes its releases"
            raise ValueError(msg)
        known = {name: late[name] for name in names}
        eks.HelmChart(
            self,
            "Chart",
            cluster=cluster,  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
            release=release.name,
            namespace=release.namespace,
            # Namespaces are objects of the first release; one that Helm made would belong to none.
            create_namespace=False,
            wait=True,
            timeout=Duration.seconds(release.timeout),
            **(self._published(release, known) if release.chart else self._own(release, known)),
        )

    def _own(self, release: Release, late: Mapping[str, str]) -> dict[str, Any]:
        with TemporaryDirectory() as folder:
            for path, text in chart_files(release).items():
                file = Path(folder, path)
                file.parent.mkdir(exist_ok=True)
                file.write_text(text, encoding="utf-8")
            # The asset is a copy by the time its constructor returns.
            asset = assets.Asset(self, "Objects", path=folder)
        return {"chart_asset": asset, "values": chart_values(late)}

    @staticmethod
    def _published(release: Release, late: Mapping[str, str]) -> dict[str, Any]:
        assert release.chart  # noqa: S101 - the caller has looked
        chart = release.chart
        return {
            "chart": chart.name,
            "repository": chart.reference,
            "version": chart.version,
            "values": filled(release.values, late),
        }
