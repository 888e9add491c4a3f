"""ZIP archives: what is inside is checked by name, size and ratio before anything is unpacked."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from geodata.readers import limits
from geodata.readers.limits import refuse

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = 1 << 20
NESTED = (".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".kmz")
ENCRYPTED_FLAG = 0x1


@contextmanager
def open_archive(path: Path, allow_nested: bool = False) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP whose entries are safe to read; refuse it by name of what is wrong otherwise."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_entries(archive.infolist(), allow_nested)
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, struct.error, NotImplementedError, OSError):
        refuse("archive_damaged")


def check_entries(entries: list[zipfile.ZipInfo], allow_nested: bool = False) -> None:
    """Refuse slips, links, twins, nested or encrypted archives and bombs."""
    if len(entries) > limits.MAX_ARCHIVE_ENTRIES:
        refuse("archive_many_files", limit=limits.MAX_ARCHIVE_ENTRIES)
    seen: set[str] = set()
    unpacked = 0
    for entry in entries:
        name = entry.filename
        # ``filename`` is already cut at NUL and has the system's separators; the raw name has not.
        if not _is_safe_name(entry.orig_filename):
            refuse("archive_unsafe_name", name=name[:200])
        if stat.S_ISLNK(entry.external_attr >> 16):
            refuse("archive_symlink", name=name[:200])
        if entry.flag_bits & ENCRYPTED_FLAG:
            refuse("archive_encrypted")
        if name.casefold() in seen:
            refuse("archive_duplicate_name", name=name[:200])
        seen.add(name.casefold())
        if not allow_nested and name.casefold().endswith(NESTED):
            refuse("archive_nested", name=name[:200])
        unpacked += entry.file_size
        packs_too_well = entry.file_size > limits.MAX_PART_RATIO * max(entry.compress_size, 1)
        if unpacked > limits.MAX_UNPACKED_BYTES or (packs_too_well and entry.file_size > limits.RATIO_FREE_BYTES):
            refuse("archive_bomb", limit=limits.MAX_UNPACKED_BYTES // 1_000_000)


def _is_safe_name(name: str) -> bool:
    if not name or "\\" in name or "\x00" in name or name.startswith("/") or ":" in name:
        return False
    return ".." not in PurePosixPath(name).parts


def chunks_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield an entry's bytes in pieces; a wrong checksum or a lie about the size is refused."""
    try:
        with archive.open(name) as stream:
            while piece := stream.read(CHUNK):
                yield piece
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError):
        refuse("archive_damaged")
    except Exception as error:  # zlib.error has no public base
        if type(error).__name__ == "error":
            refuse("archive_damaged")
        raise
