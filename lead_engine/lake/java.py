"""Finds a Java the engine can use: JAVA_HOME, then the PATH, then the usual places of this kind of machine."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from lead_engine.foundation.errors import SetupError

OLDEST = 17
PLACES = (
    ("/usr/lib/jvm", "*/bin/java"),
    ("/opt/homebrew/opt", "openjdk*/bin/java"),
    ("/usr/local/opt", "openjdk*/bin/java"),
    ("/Library/Java/JavaVirtualMachines", "*/Contents/Home/bin/java"),
)
REMEDY = (
    f"no Java {OLDEST} or newer was found; install one (Debian: apt-get install openjdk-17-jre-headless, "
    "macOS: brew install openjdk@17) or point JAVA_HOME at it"
)


def find_java() -> Path:
    """Home of the first Java that is new enough. Raises SetupError with the remedy when there is none."""
    for binary in _candidates():
        if _version(binary) >= OLDEST:
            return binary.resolve().parents[1]
    raise SetupError(REMEDY)


def _candidates() -> Iterator[Path]:
    home = os.environ.get("JAVA_HOME")
    if home:
        yield Path(home, "bin", "java")
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path)
    for folder, pattern in PLACES:
        yield from sorted(Path(folder).glob(pattern), reverse=True)


def _version(binary: Path) -> int:
    """Major version, 0 when it is not a Java that runs."""
    try:
        said = subprocess.run([binary, "-version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', said.stderr + said.stdout)
    return int(found.group(1)) if found else 0
