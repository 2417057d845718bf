"""What tenants may be called, against the namespaces that the platform has."""

import pytest

from mlplatform.config.load import environments, load
from mlplatform.config.namespaces import is_taken
from mlplatform.manifests import releases
from mlplatform.manifests.objects import kind_of, text


@pytest.mark.parametrize("name", environments())
def test_no_tenant_can_be_called_like_a_namespace_of_the_platform(name: str) -> None:
    settings = load(name)
    made = releases(settings)
    namespaces = {release.namespace for release in made} | {
        text(obj, "metadata", "name") for release in made for obj in release.objects if kind_of(obj) == "Namespace"
    }
    assert {namespace for namespace in namespaces if not is_taken(namespace)} <= set(settings.tenants)
