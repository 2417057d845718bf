"""Amounts of CPU and memory as Kubernetes writes them.

Separate because what a person asks for and what a container asks for are read alike.
"""

import re

_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
_MIB = 2**20
_LARGEST = 2**50


def cpu_millis(text: str) -> int:
    """Return thousandths of a CPU: `500m` and `0.5` are 500.

    Raises:
        ValueError: It is no number of CPUs.
    """
    match = re.fullmatch(r"([0-9]{1,6})m|([0-9]{1,4}(?:\.[0-9]{1,3})?)", text)
    if not match:
        raise ValueError(f"{text} is not a number of CPUs, as 4, 0.5 or 500m")
    return int(match[1]) if match[1] else round(float(match[2]) * 1_000)


def memory_mib(text: str) -> int:
    """Return MiB, rounded up: `1G` is 954.

    Raises:
        ValueError: It is no amount of memory.
    """
    match = re.fullmatch(r"([0-9]{1,15})([kMGT]i?|Ki)?", text)
    if not match or (match[2] or "") not in _UNITS or int(match[1]) * _UNITS[match[2] or ""] > _LARGEST:
        raise ValueError(f"{text} is not an amount of memory, as 32Gi or 512Mi")
    return -(-int(match[1]) * _UNITS[match[2] or ""] // _MIB)
