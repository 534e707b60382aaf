"""Folders and object-store URIs: one way to reach a file wherever it lies."""

import re
from pathlib import Path

import pyarrow as pa
from pyarrow import fs

from .errors import ConfigurationError, Problem

URI = re.compile(r"\w+://")
SPARK_ONLY = re.compile(r"^s3[an]://")  # Hadoop's names of S3


def filesystem_of(place: str) -> tuple[fs.FileSystem, str]:
    """The file system of a folder or URI, and the path on it. Raises ConfigurationError for an unknown kind of store."""
    if not URI.match(place):
        return fs.LocalFileSystem(), str(Path(place))
    try:
        filesystem, path = fs.FileSystem.from_uri(SPARK_ONLY.sub("s3://", place))
    except pa.ArrowInvalid:
        remedy = "use a folder, or a URI of s3a, s3, gs, abfss, hdfs or file"
        raise ConfigurationError(Problem(place, "is not a place the engine can reach", remedy=remedy)) from None
    return filesystem, path
