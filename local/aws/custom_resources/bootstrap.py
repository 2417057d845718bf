"""Lambda's side of a handler: load it, call it once, write down what it answered.

Separate because it runs as a program of its own, in the handler's process and beside its code.
"""

import importlib
import json
import logging
import sys
import traceback
from pathlib import Path


def main(code: str, handler: str, event: Path, result: Path) -> None:
    """Call the handler with the event of one file and write its answer, or its error, into another."""
    # As Lambda's runtime does; without a handler of the root logger what functions log at INFO is lost.
    logging.basicConfig(stream=sys.stdout, format="[%(levelname)s] %(message)s")
    sys.path.insert(0, code)
    module, _, function = handler.rpartition(".")
    try:
        answer = {"answer": getattr(importlib.import_module(module), function)(json.loads(event.read_text()), None)}
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is what Lambda answers
        traceback.print_exc()
        answer = {"errorType": type(error).__name__, "errorMessage": str(error)}
    result.write_text(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
