"""Every environment in one app, or those named: `cdk deploy -c env=china-prod --all`."""

import sys

from mlplatform.config.load import load_all
from mlplatform.config.problems import ConfigError
from mlplatform.config.settings import Settings
from mlplatform.manifests import releases
from mlplatform.manifests.environment import COMPUTE_WAVES, KUBEFLOW_WAVES
from mlplatform.rules.attach import attach
from mlplatform.stacks.cluster import Cluster
from mlplatform.stacks.compute import Compute
from mlplatform.stacks.data import Data
from mlplatform.stacks.environment import Environment
from mlplatform.stacks.kubeflow import Kubeflow
from mlplatform.stacks.network import Network
from mlplatform.stacks.root import App, InvalidTemplateError, chosen, new_app, synthesise


def build(app: App, settings: Settings) -> None:
    """Add one environment's stacks, flat under the app: `china-prod-network`, `china-prod-cluster`, ..."""
    environment = Environment.of(settings)
    network = Network(app, environment, settings.network)
    cluster = Cluster(app, environment, settings.cluster, network=network)
    data = Data(app, environment, settings.database, settings.storage, network=network)
    installed = releases(settings)
    on_nodes = [release for release in installed if release.wave in COMPUTE_WAVES]
    compute = Compute(app, environment, settings.compute, network=network, cluster=cluster, releases=on_nodes)
    if kubeflow := [release for release in installed if release.wave in KUBEFLOW_WAVES]:
        tenants = list(settings.tenants)
        sign_in = settings.sign_in if settings.kubeflow.has("sign-in") else None
        Kubeflow(app, environment, cluster=cluster, compute=compute, data=data, sign_in=sign_in, tenants=tenants, releases=kubeflow)


def main() -> int:
    """Synthesise the environments that the context names, all of them unless it names some."""
    app = new_app()
    try:
        environments = load_all(chosen(app))
        for settings in environments:
            build(app, settings)
        attach(app, environments)
        synthesise(app)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except InvalidTemplateError:
        return 1  # CDK has printed each finding, with the construct's path
    return 0


if __name__ == "__main__":
    sys.exit(main())
