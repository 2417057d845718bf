"""What a CustomResourceDefinition defines.

Separate because scopes are needed to name any object, before an inventory exists.
"""

from collections.abc import Mapping

from mlplatform.manifests.objects import Object, at, entries, text

CRD = "CustomResourceDefinition.apiextensions.k8s.io"


def defined_kind(definition: Object) -> str:
    """Return the kind that a CustomResourceDefinition defines, in kubectl's notation."""
    return f"{text(definition, 'spec', 'names', 'kind')}.{text(definition, 'spec', 'group')}"


def served_versions(definition: Object) -> Mapping[str, bool]:
    """Return the versions that a CustomResourceDefinition names, each with whether it is served."""
    return {text(version, "name"): at(version, "served") is True for version in entries(definition, "spec", "versions")}
