"""Zip archives of a delivery: their members are read in place for checks, and streamed out before Spark reads them."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
from pyarrow import fs

from lead_engine.foundation.errors import InputRefusedError, Problem
from lead_engine.foundation.places import filesystem_of

from .files import CHUNK, SourceFile

ZIP = ".zip"
COMPRESSION = {"gz": "gzip", "bz2": "bz2"}  # of a member, by its name
STAGING = "_staging"  # folder of the lake; emptied when a run ends


@dataclass(frozen=True)
class ZipMember(SourceFile):
    """A member of an archive; `path` is where it is streamed to."""

    archive: str
    member: str

    @contextmanager
    def stream(self, compressed: bool) -> Iterator[IO[bytes]]:
        """The member's bytes, out of its own compression where its name says so. Raises OSError where it is damaged."""
        try:
            with _opened(self.archive) as archive, archive.open(self.member) as stream:
                kind = COMPRESSION.get(self.name.rsplit(".", 1)[-1]) if compressed else None
                yield pa.input_stream(stream, kind) if kind else stream
        except (zipfile.BadZipFile, EOFError) as error:
            raise OSError(str(error)) from None

    def unpack(self) -> None:
        """Stream the member to its place."""
        filesystem, local = filesystem_of(self.path)
        filesystem.create_dir(local.rsplit("/", 1)[0], recursive=True)
        with self.stream(False) as source, filesystem.open_output_stream(local) as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)


def members_of(archive: str, staging: str, kind_of: Callable[[str], str | None]) -> list[SourceFile]:
    """The files of an archive that `kind_of` names a kind for. Raises InputRefusedError when it cannot be read."""
    name = archive.rsplit("/", 1)[-1]
    try:
        with _opened(archive) as opened:
            listed = [info.filename for info in opened.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError):
        raise InputRefusedError(
            Problem(name, "is no zip archive, or is cut short", remedy="copy it again in full")
        ) from None
    found: list[SourceFile] = []
    for member in sorted(listed):
        kind = kind_of(member.rsplit("/", 1)[-1])
        if kind:
            found.append(ZipMember(f"{staging}/{name}/{member.rsplit('/', 1)[-1]}", kind, archive, member))
    return found


def clear(staging: str) -> None:
    """Remove what was streamed out."""
    filesystem, local = filesystem_of(staging)
    if filesystem.get_file_info(local).type == fs.FileType.Directory:
        filesystem.delete_dir(local)


@contextmanager
def _opened(archive: str) -> Iterator[zipfile.ZipFile]:
    filesystem, local = filesystem_of(archive)
    with filesystem.open_input_file(local) as file, zipfile.ZipFile(file) as opened:
        yield opened
