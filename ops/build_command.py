"""`mlp local build`: the programs of the local cluster, built once.

Separate from the sessions that use them because it takes minutes and needs no environment.
"""

import sys
from dataclasses import asdict

import click

from mlplatform.local.aws.custom_resources import carried
from mlplatform.local.cluster.build import BuildError, ProgramsUnavailableError, build
from mlplatform.local.cluster.catalogue import PROGRAMS
from mlplatform.local.programs import programs_cache
from mlplatform.ops.console import as_json, err, table
from mlplatform.ops.exits import FAILED


@click.command("build")
@as_json
def build_programs(*, as_json: bool) -> None:
    """Build etcd, Kubernetes' control plane, kwok and Karpenter, where they are missing, into this user's cache; fetch charts beside them.

    It takes about ten minutes on two cores, once per version; a build that was cut goes on where it was.
    A folder that KUBEBUILDER_ASSETS names is used for etcd and kube-apiserver where its versions fit.

    Example: mlp local build
    """
    try:
        paths = asdict(build(lambda line: err.print(line, markup=False)))
        carried.fetch()
    except (BuildError, ProgramsUnavailableError) as error:
        err.print(f"mlp: {error}", markup=False)
        sys.exit(FAILED)
    rows = [
        {"program": program.name, "version": program.version, "megabytes": path.stat().st_size // 10**6, "path": str(path)}
        for program, path in zip(PROGRAMS, paths.values(), strict=True)
    ]
    table(rows, "program", "version", "megabytes", json_instead=as_json)
    err.print(f"they are in {programs_cache()}", markup=False)
