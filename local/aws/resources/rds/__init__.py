"""The CloudFormation types of RDS.

Separate modules because databases and the groups under them change in ways of their own.
"""

from mlplatform.local.aws.resources.contract import ResourceType
from mlplatform.local.aws.resources.rds.cluster import DBCluster
from mlplatform.local.aws.resources.rds.groups import DBClusterParameterGroup, DBParameterGroup, DBSubnetGroup
from mlplatform.local.aws.resources.rds.instance import DBInstance

RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::RDS::DBCluster": DBCluster(),
    "AWS::RDS::DBClusterParameterGroup": DBClusterParameterGroup(),
    "AWS::RDS::DBInstance": DBInstance(),
    "AWS::RDS::DBParameterGroup": DBParameterGroup(),
    "AWS::RDS::DBSubnetGroup": DBSubnetGroup(),
}
