"""The components of upstream that are held against ours, in the order in which upstream installs them, each with its reasons.

Separate because a component joins by one line here, a module of reasons and a file of the index.
"""

from mlplatform.manifests.conformance.reason import Component
from mlplatform.manifests.conformance.reasons import (
    admission_webhook,
    centraldashboard,
    cert_manager,
    cert_manager_issuer,
    dex,
    istio_crds,
    istio_install,
    istio_namespace,
    kubeflow_istio_resources,
    kubeflow_namespace,
    kubeflow_roles,
    oauth2_proxy,
    profiles,
    user_namespace,
)

COMPONENTS: tuple[Component, ...] = (
    kubeflow_namespace.COMPONENT,
    kubeflow_roles.COMPONENT,
    istio_crds.COMPONENT,
    istio_namespace.COMPONENT,
    istio_install.COMPONENT,
    kubeflow_istio_resources.COMPONENT,
    cert_manager.COMPONENT,
    cert_manager_issuer.COMPONENT,
    oauth2_proxy.COMPONENT,
    dex.COMPONENT,
    centraldashboard.COMPONENT,
    profiles.COMPONENT,
    admission_webhook.COMPONENT,
    user_namespace.COMPONENT,
)
