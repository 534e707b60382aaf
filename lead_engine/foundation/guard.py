"""How every process of the engine ends: errors meant for people are printed whole, any other by kind and place only."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from .errors import LeadError

INTERNAL, INTERRUPTED = 70, 130  # docs/reference/exit-codes.md


def guarded(action: Callable[[], object]) -> None:
    """Run it; on an error print what may be printed and leave with its exit code. `LEAD_DEBUG` lets errors through."""
    try:
        action()
    except LeadError as problem:
        _leave(str(problem), problem.exit_code)
    except KeyboardInterrupt:
        _leave("stopped; finished tables stay, run again to go on", INTERRUPTED)
    except Exception as problem:
        if os.environ.get("LEAD_DEBUG"):
            raise
        place = traceback.extract_tb(problem.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        _leave(f"internal error: {type(problem).__name__} at {where}; please report it", INTERNAL)


def _leave(text: str, code: int) -> None:
    sys.stderr.write(f"lead-engine: {text}\n")
    sys.exit(code)
