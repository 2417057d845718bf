"""Names as both sides would write them: kustomize's hashes and images' registries left out.

Separate because names stand in objects' own metadata as well as in pods that refer to them.
"""

import re

# Hexadecimal digits, the easily misread ones replaced: https://github.com/kubernetes-sigs/kustomize/blob/master/api/hasher/hasher.go
_HASH = re.compile(r"-[24-9bcdfghkmt]{10}$")
_IMAGE = re.compile(r"^(?:[\w.-]+(?::\d+)?/)*([\w.-]+:[\w.-]+)(?:@sha256:[0-9a-f]{64})?$")

_IN_TEXT = re.compile(r"(?:[\w-]+\.)+[\w-]+(?::\d+)?/(?:[\w.-]+/)*([\w.-]+:[\w.-]+)(?:@sha256:[0-9a-f]{64})?")


def without_hash(name: str) -> str:
    """Return the name of a ConfigMap or Secret as its generator has it: `profiles-config-5h9m86f79f` is `profiles-config`."""
    return _HASH.sub("", name)


def image(reference: str) -> str:
    """Return an image's name and tag, which a mirror keeps: `dashboard:v2.0.0`."""
    found = _IMAGE.match(reference)
    return found[1] if found else reference


def with_plain_images(line: str) -> str:
    """Return a line whose images, in arguments and variables too, have no registry: a mirror rewrites that."""
    return _IN_TEXT.sub(r"\1", line)
