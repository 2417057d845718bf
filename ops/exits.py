"""Exit codes of every `mlp` command; separate because scripts and CI rely on them."""

OK = 0
FAILED = 1
"""The run failed: a check found something, a deployment did not finish."""
BAD_INPUT = 2
"""What the person gave cannot be used."""
REFUSED = 3
"""AWS or the cluster said no."""
