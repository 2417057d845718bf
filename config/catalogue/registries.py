"""Public registries, and what images are called that name none.

Separate because it is a fact about the world: whoever rewrites a reference reads it here.
"""

DOCKER_HUB = "docker.io"
DOCKER_HUB_NAMES = (DOCKER_HUB, "index.docker.io", "registry-1.docker.io")
"""Names of the registry that an image without a host comes from, in `library/` where it has no other path.

https://github.com/distribution/reference/blob/main/normalize.go
"""
PUBLIC_REGISTRIES = (
    "gcr.io",
    "ghcr.io",
    "mcr.microsoft.com",
    "nvcr.io",
    "pkg.dev",
    "public.ecr.aws",
    "quay.io",
    "registry.istio.io",
    "registry.k8s.io",
)
"""The others; hosts below them, as `us-docker.pkg.dev`, are theirs."""
