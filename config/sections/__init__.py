"""The sections of an environment's file, one module each."""

from mlplatform.config.sections.cluster import AddonSettings, ClusterSettings, SystemNodes
from mlplatform.config.sections.database import DatabaseSettings
from mlplatform.config.sections.network import SUBNET_BITS, ExistingVpc, NetworkSettings
from mlplatform.config.sections.section import Change, Section, on_change
from mlplatform.config.sections.storage import StorageSettings

__all__ = [
    "SUBNET_BITS",
    "AddonSettings",
    "Change",
    "ClusterSettings",
    "DatabaseSettings",
    "ExistingVpc",
    "NetworkSettings",
    "Section",
    "StorageSettings",
    "SystemNodes",
    "on_change",
]
