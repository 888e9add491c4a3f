"""The zipped CSV that ODK Central exports: one table of forms, one of each repeat, and the media, which stay packed.

Judged as an archive like any other before anything is unpacked; its tables are then read in the sandbox.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from geodata.readers.archive import chunks_of, open_archive
from geodata.readers.limits import refuse

START = b"PK\x03\x04"
WORKBOOK = "[Content_Types].xml"
MEDIA = "media"
MOST_TABLES = 50
OF_CENTRAL = frozenset(
    {"KEY", "PARENT_KEY", "SubmitterID", "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState",
     "DeviceID", "Edits", "FormVersion", "SubmitterName", "SubmissionDate"}
)  # fmt: skip
"""Columns that Central adds; no form asks them."""


def is_odk_archive(path: Path) -> bool:
    """Return whether a file is a ZIP with tables in it and no workbook; a damaged one is none."""
    with path.open("rb") as stream:
        if stream.read(4) != START:
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        return False
    return WORKBOOK not in names and any(_is_table(name) for name in names)


def _is_table(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.lower().endswith(".csv") and MEDIA not in parts[:-1] and "__MACOSX" not in parts


@contextmanager
def unpacked_tables(path: Path) -> Iterator[list[Path]]:
    """Yield the tables of an export as files that are gone afterwards, the one of the forms first.

    Raises:
        FileRefusedError: The archive is damaged, unsafe or a bomb, or holds more tables than a form has repeats.
    """
    with tempfile.TemporaryDirectory(prefix="odk-") as folder:
        found = []
        with open_archive(path) as archive:
            names = sorted((name for name in archive.namelist() if _is_table(name)), key=lambda name: (len(name), name))
            if len(names) > MOST_TABLES:
                refuse("archive_many_files", limit=MOST_TABLES)
            for at, name in enumerate(names):
                target = Path(folder) / f"{at}.csv"
                with target.open("wb") as out:
                    for piece in chunks_of(archive, name):
                        out.write(piece)
                found.append(target)
        yield found


def from_central(row: dict[str, str]) -> dict[str, object]:
    """Return a row of ODK Central's CSV as its API would say it: names without groups, edits as a number.

    ``KEY`` is the form as it was first sent; ``instanceID`` that of its last edit.
    """
    if not row.get("KEY") or not {"SubmissionDate", "PARENT_KEY"} & row.keys():
        return dict(row)
    plain: dict[str, object] = {_without_groups(name): value for name, value in row.items() if name not in OF_CENTRAL}
    if "SubmissionDate" in row:
        edits = row.get("Edits", "0")
        plain["__id"] = row["KEY"]
        plain["__system"] = {
            "edits": int(edits) if edits.isascii() and edits.isdigit() and len(edits) < 6 else 0,
            "formVersion": row.get("FormVersion"),
            "submitterName": row.get("SubmitterName"),
            "submissionDate": row["SubmissionDate"],
        }
    return plain


def _without_groups(name: str) -> str:
    """Return the name of a question; groups stand before it, divided by ``-`` (Central) or ``/``."""
    return name.rsplit("/", 1)[-1].rsplit("-", 1)[-1] or name
