"""Whether everything that an environment's objects need will be there when they are.

`check` takes the waves of an environment and returns findings; `references` is the list of what it follows.
"""

from mlplatform.manifests.closure.check import check
from mlplatform.manifests.closure.finding import Finding

__all__ = ["Finding", "check"]
