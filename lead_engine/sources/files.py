"""Files of a delivery, wherever they lie: list, first line, checksum, damage, record numbers. Streams; holds no file."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from pyarrow import fs

from lead_engine.foundation.places import filesystem_of

CHUNK = 1 << 20


@dataclass(frozen=True)
class SourceFile:
    """One file of a delivery."""

    path: str  # as Spark reads it
    kind: str  # what it holds, for example carrier

    @property
    def name(self) -> str:
        """The file's name without its folder: what reports and tables carry."""
        return self.path.rsplit("/", 1)[-1]

    @cached_property
    def sha256(self) -> str:
        """Checksum of the bytes as delivered."""
        digest = hashlib.sha256()
        with self.stream(False) as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def stream(self, compressed: bool) -> AbstractContextManager[IO[bytes]]:
        """The file's bytes, as delivered, or taken out of compression where its name says so."""
        filesystem, local = filesystem_of(self.path)
        opened: IO[bytes] = filesystem.open_input_stream(local, compression="detect" if compressed else None)
        return opened

    def first_line(self) -> str:
        """The header. Raises OSError when the file cannot be read so far."""
        for line in self.lines():
            return line.removeprefix("\ufeff")
        return ""

    def first_length(self) -> int:
        """Bytes of the first line without its end; 0 for an empty file. Raises OSError like `first_line`."""
        for line in self.lines("latin-1"):
            return len(line.removeprefix("\xef\xbb\xbf"))
        return 0

    def lines(self, encoding: str = "utf-8") -> Iterator[str]:
        """Every line without its end. Raises OSError where the file is damaged."""
        rest = b""
        with self.stream(True) as stream:
            while chunk := stream.read(CHUNK):
                *whole, rest = (rest + chunk).split(b"\n")
                yield from (line.decode(encoding, "replace").removesuffix("\r") for line in whole)
        if rest:
            yield rest.decode(encoding, "replace").removesuffix("\r")

    def is_damaged(self) -> bool:
        """Whether the file cannot be read to its end."""
        try:
            for _ in self.lines():
                pass
        except OSError:
            return True
        return False


def files_in(folder: str, kind_of: Callable[[str], str | None]) -> list[SourceFile]:
    """The files of a folder that `kind_of` names a kind for, by name. Raises FileNotFoundError without the folder."""
    filesystem, path = filesystem_of(folder)
    found = []
    for info in filesystem.get_file_info(fs.FileSelector(path)):
        kind = kind_of(info.base_name)
        if info.type == fs.FileType.File and kind:
            found.append(SourceFile(f"{folder.rstrip('/')}/{info.base_name}", kind))
    return sorted(found, key=lambda file: file.name)
