"""The one boundary for Spark's own errors: condition and place come through, values of rows never do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from lead_engine.foundation.errors import ConflictError, InputRefusedError, LakeError, LeadError, Problem, SetupError

SPACE = (
    "free some space or name a lake elsewhere, then run again: finished tables are kept, half-written ones do not count"
)
ACCESS = "name a lake you may write to, or mend its permissions"
CUT = "copy the file again in full; all of its delivery is loaded then"

# Said by Java, the file system or Delta, in order of how sure they are: pattern, error, what happened, remedy.
KNOWN: tuple[tuple[str, type[LeadError], str, str], ...] = (
    (r"No space left on device|Disk quota exceeded", LakeError, "the disk is full", SPACE),
    (
        r"Read-only file system|Permission denied|AccessDenied|Mkdirs failed",
        LakeError,
        "writing is not allowed",
        ACCESS,
    ),
    (
        r"Unexpected end of (ZLIB )?input stream|incorrect (data|header) check|not in gzip format|ZipException",
        InputRefusedError,
        "a compressed file is cut short or damaged",
        CUT,
    ),
    (
        r"DELTA_CONCURRENT|DELTA_METADATA_CHANGED|DELTA_PROTOCOL_CHANGED|Concurrent\w+Exception|(Metadata|Protocol)ChangedException",
        ConflictError,
        "another run wrote the same table meanwhile",
        "wait for the other run, then run again; this one changed nothing",
    ),
    (
        r"OutOfMemoryError|GC overhead",
        SetupError,
        "Spark ran out of memory",
        "give it more, for example spark.driver.memory in the profile",
    ),
)


@contextmanager
def spark_failures(where: str) -> Iterator[None]:
    """Turn whatever Spark raises inside into one error of ours that names `where` and the condition, nothing else."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise explained(error, where) from None


def explained(error: Exception, where: str) -> LeadError:
    """The error a person is shown for something Spark raised."""
    said = str(error)
    for pattern, kind, what, remedy in KNOWN:
        if re.search(pattern, said):
            return kind(Problem(where, what, remedy=remedy))
    remedy = "run again; if it happens again, report the condition with the version of the engine"
    return LakeError(Problem(where, f"Spark stopped with {_condition(error, said)}", remedy=remedy))


def _condition(error: Exception, said: str) -> str:
    condition = error.getCondition() if isinstance(error, PySparkException) else None
    named = re.search(r"\b([A-Z]\w+(?:Exception|Error))\b", said)
    return condition or (named.group(1) if named else type(error).__name__)
