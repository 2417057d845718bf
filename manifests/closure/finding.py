"""What the closure check says.

Separate because the command, its JSON and the tests read findings and nothing else of the check.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """An object that needs something which will not be there."""

    reference: str
    """The kind of reference, as the table names it."""
    wave: str
    """The wave of the object."""
    object: str
    path: str
    """Where in the object it is asked for."""
    needed: str
    found: str
    """Where it is instead: a later wave, something that is nearly it, or nowhere."""
    remedy: str

    def __str__(self) -> str:
        """Return one line: `wave: object: path: needs ...: found nowhere; remedy`."""
        path = f"{self.path}: " if self.path else ""
        return f"{self.wave}: {self.object}: {path}needs {self.needed}: {self.found}; {self.remedy}"
