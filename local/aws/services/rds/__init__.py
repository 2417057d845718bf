"""RDS: databases that live in a network, under parameter groups of their own version, with host names of their partition.

Separate modules because what RDS refuses is one thing, and the interfaces that databases hold another.
"""

from moto.rds import urls
from moto.rds.models import DBCluster, DBInstance, rds_backends

from mlplatform.local.aws.services.extension import extend
from mlplatform.local.aws.services.rds.databases import RDS
from mlplatform.local.aws.services.rds.hosts import cluster_host, instance_host
from mlplatform.local.aws.services.rds.responses import Responses


def install() -> None:
    """Put this RDS in the place of moto's."""
    # moto makes its databases by its own classes' names: their host names can only be answered in place.
    DBInstance.address = property(lambda self: instance_host(self.db_instance_identifier, self.region))  # type: ignore[method-assign,assignment] # pyright: ignore[reportAttributeAccessIssue]
    DBCluster.endpoint = property(lambda self: cluster_host(self, "cluster"))  # type: ignore[method-assign,assignment] # pyright: ignore[reportAttributeAccessIssue]
    DBCluster.reader_endpoint = property(lambda self: cluster_host(self, "cluster-ro"))  # type: ignore[method-assign,assignment] # pyright: ignore[reportAttributeAccessIssue]
    extend(rds_backends, RDS, urls, Responses)
