"""Folders and object-store URIs: one way to reach a file wherever it lies."""

import re
from pathlib import Path

from pyarrow import fs

URI = re.compile(r"\w+://")


def filesystem_of(place: str) -> tuple[fs.FileSystem, str]:
    """The file system of a folder or URI, and the path on it."""
    return fs.FileSystem.from_uri(place) if URI.match(place) else (fs.LocalFileSystem(), str(Path(place)))
