"""The sections of an environment's file, one module each."""

from mlplatform.config.sections.cluster import AddonSettings, ClusterSettings, SystemNodes
from mlplatform.config.sections.compute import ComputeSettings, ContainerLogs
from mlplatform.config.sections.database import DatabaseSettings
from mlplatform.config.sections.images import ImageSettings
from mlplatform.config.sections.network import SUBNET_BITS, ExistingVpc, NetworkSettings
from mlplatform.config.sections.pool import Budget, Disk, Limits, Pool, Sharing, Taint
from mlplatform.config.sections.section import Change, Section, on_change
from mlplatform.config.sections.storage import StorageSettings

__all__ = [
    "SUBNET_BITS",
    "AddonSettings",
    "Budget",
    "Change",
    "ClusterSettings",
    "ComputeSettings",
    "ContainerLogs",
    "DatabaseSettings",
    "Disk",
    "ExistingVpc",
    "ImageSettings",
    "Limits",
    "NetworkSettings",
    "Pool",
    "Section",
    "Sharing",
    "StorageSettings",
    "SystemNodes",
    "Taint",
    "on_change",
]
