"""Environments with tenants, for tests."""

from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.tenants.releases import tenants_releases
from tests.config.files import DEV, settings

AROUND = """
    compute:
      pools:
        gpu: {accelerator: nvidia, families: [g5]}
    sign_in:
      connectors:
        corporate: {oidc: {issuer: "https://sign-in.example.com", client_id: platform, client_secret: corporate/sign-in}}
"""
"""A pool with GPUs, and somebody who vouches for people."""
VISION = "owner: ann@example.com, members: {bob.b@example.com: edit, cy@example.com: view, dan@example.com: admin}"
"""A tenant with a member in each role."""

DEV_ARN = "arn:aws-cn:iam::123456789012:role/test-cn-north-1-tenant-vision"
PROD_ARN = "arn:aws:iam::123456789012:role/test-us-west-2-tenant-vision"


def environment(tenant: str = VISION, *, base: str = DEV, name: str = "vision") -> Settings:
    """Return an environment with one tenant, or two that are alike where the name is of two words."""
    written = "".join(f"      {each}: {{{tenant}}}\n" for each in name.split())
    return settings(f"{base}{AROUND}    tenants:\n{written}")


def release(tenant: str = VISION, *, base: str = DEV) -> Release:
    """Return the release of the tenant `vision`."""
    [found] = [each for each in tenants_releases(environment(tenant, base=base)) if each.name == "tenant-vision"]
    return found


def of_kind(kind: str, tenant: str = VISION, *, base: str = DEV) -> dict[str, Any]:
    """Return the objects of a kind in the release of `vision`, by name."""
    return {each["metadata"]["name"]: each for each in release(tenant, base=base).objects if each["kind"] == kind}


def only(kind: str, tenant: str = VISION, *, base: str = DEV) -> Object:
    """Return the only object of a kind."""
    [found] = of_kind(kind, tenant, base=base).values()
    return found
