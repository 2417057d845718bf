"""What synthesis costs: one process for all environments against a process for each, with and without validators."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import compare

MLP = str(Path(sys.executable).with_name("mlp"))
ENVIRONMENTS = ("china-dev", "china-prod", "global-dev", "global-prod")


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        bare = ["env", "CDK_VALIDATION=false"]

        def synth(*names: str) -> list[str]:
            return [MLP, "synth", *names, "--out", f"{folder}/{'-'.join(names) or 'all'}"]

        compare(
            "synthesis of four environments",
            {
                "one process, validated": [synth(*ENVIRONMENTS)],
                "a process each, validated": [synth(name) for name in ENVIRONMENTS],
                "one process, CDK's validator off": [[*bare, *synth(*ENVIRONMENTS)]],
                "one environment, validated": [synth("china-dev")],
            },
        )


if __name__ == "__main__":
    main()
