"""The sections of an environment's file, one module each."""

from mlplatform.config.sections.cluster import AddonSettings, ClusterSettings, SystemNodes
from mlplatform.config.sections.compute import ComputeSettings, ContainerLogs
from mlplatform.config.sections.database import DatabaseSettings
from mlplatform.config.sections.images import ImageSettings
from mlplatform.config.sections.ingress import Certificate, IngressSettings
from mlplatform.config.sections.kubeflow import KubeflowSettings
from mlplatform.config.sections.network import SUBNET_BITS, ExistingVpc, NetworkSettings
from mlplatform.config.sections.pool import Budget, Disk, Limits, Pool, Sharing, Taint
from mlplatform.config.sections.section import Change, Section, on_change
from mlplatform.config.sections.sign_in import Connector, GithubConnector, LdapConnector, OidcConnector, SignInSettings
from mlplatform.config.sections.storage import StorageSettings
from mlplatform.config.sections.tenant import ContainerDefaults, Quota, Tenant

__all__ = [
    "SUBNET_BITS",
    "AddonSettings",
    "Budget",
    "Certificate",
    "Change",
    "ClusterSettings",
    "ComputeSettings",
    "Connector",
    "ContainerDefaults",
    "ContainerLogs",
    "DatabaseSettings",
    "Disk",
    "ExistingVpc",
    "GithubConnector",
    "ImageSettings",
    "IngressSettings",
    "KubeflowSettings",
    "LdapConnector",
    "Limits",
    "NetworkSettings",
    "OidcConnector",
    "Pool",
    "Quota",
    "Section",
    "Sharing",
    "SignInSettings",
    "StorageSettings",
    "SystemNodes",
    "Taint",
    "Tenant",
    "on_change",
]
