"""Keep the catalogues: extract strings, add translations, compile, list what is missing, remove what is not used.

For developers: ``python -m scripts.translations extract|add FILE.tsv|compile|missing|unused|remove-unused``.
"""

from __future__ import annotations

import csv
import fcntl
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "app/i18n"
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
    ("**/static/js/**.js", "javascript"),
    ("catalogue/**.toml", "scripts.translations:extract_toml"),
    ("**/schemes/**.toml", "scripts.translations:extract_toml"),
    ("**/params/method_constants.csv", "scripts.translations:extract_constants"),
]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "N_": None, "t": None}
TRANSLATED = ("ky", "ru")
MARKED = ("title", "label", "attribution", "publisher", "text")
"""Keys of our TOML files whose values are msgids."""
WORDED = ("unit", "status", "source")
"""Columns of the table of constants whose values are msgids."""
NO_UNIT = "-"


def _path(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES/messages.po"


def load(language: str) -> Catalog:
    """Return the catalogue of ``language``; an empty one when there is none yet."""
    path = _path(language)
    if path.exists():
        return read_po(BytesIO(path.read_bytes()), locale=language)
    return Catalog(locale=language, project="Koopsuz Mektep", fuzzy=False)


def save(language: str, catalogue: Catalog) -> None:
    """Write the catalogue sorted, without line numbers (small differences), and its compiled form."""
    path = _path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, no_location=True, omit_header=False)
    path.write_bytes(buffer.getvalue())
    compile_one(language, catalogue)


def compile_one(language: str, catalogue: Catalog) -> None:
    """Write the .mo file beside the .po file."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    _path(language).with_suffix(".mo").write_bytes(buffer.getvalue())


def extract_toml(file: IO[bytes], *_: object, **__: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the titles and labels of a TOML, wherever they stand in it; what Babel's extractor calls."""

    def walk(found: object) -> Iterator[str]:
        if isinstance(found, dict):
            yield from (value for key, value in found.items() if key in MARKED and isinstance(value, str))
            found = list(found.values())
        if isinstance(found, list):
            for inner in found:
                yield from walk(inner)

    for message in walk(tomllib.load(file)):
        yield 1, "", message, []


def extract_constants(file: IO[bytes], *_: object, **__: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield unit, status and source of each constant, as the reader of the tables strips them; no unit says nothing."""
    for row in csv.DictReader(StringIO(file.read().decode("utf-8-sig"))):
        for column in WORDED:
            text = (row[column] or "").strip()
            if text not in ("", NO_UNIT):
                yield 1, "", text, []


def extract() -> set[str]:
    """Return every msgid that code, templates and scripts mark."""
    found: set[str] = set()
    for folder in ("app", "geodata", "layers", "scripts"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), METHODS, {}, keywords=KEYWORDS
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


@contextmanager
def _locked() -> Iterator[None]:
    """Let one process at a time read and write the catalogues."""
    with (CATALOGUES / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def add(table: Path) -> int:
    """Add the rows (msgid, ky, ru) of a tab-separated file to the catalogues; the last one wins."""
    with _locked():
        rows = [
            row
            for row in csv.reader(table.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE)
            if len(row) >= 3
        ]
        for position, language in enumerate(TRANSLATED, start=1):
            catalogue = load(language)
            for row in rows:
                msgid, text = row[0].replace("\\n", "\n"), row[position].replace("\\n", "\n")
                catalogue.add(
                    msgid, unicodedata.normalize("NFC", text), flags={"python-format"} if "%(" in msgid else ()
                )
                catalogue[msgid].string = unicodedata.normalize("NFC", text)
            save(language, catalogue)
    return len(rows)


def _has_text(catalogue: Catalog, msgid: str) -> bool:
    message = catalogue.get(msgid)
    return message is not None and bool(message.string)


def missing() -> dict[str, list[str]]:
    """Return, per language, the msgids in use that have no translation."""
    used = extract()
    result = {}
    for language in TRANSLATED:
        catalogue = load(language)
        result[language] = sorted(msgid for msgid in used if not _has_text(catalogue, msgid))
    return result


def unused() -> dict[str, list[str]]:
    """Return, per language, the msgids of the catalogue that nothing marks any more."""
    used = extract()
    return {
        language: sorted(str(message.id) for message in load(language) if message.id and message.id not in used)
        for language in TRANSLATED
    }


def remove_unused() -> int:
    """Take out of the catalogues what nothing marks any more; return how many msgids went."""
    with _locked():
        lists = unused()
        for language, ids in lists.items():
            catalogue = load(language)
            for msgid in ids:
                catalogue.delete(msgid)
            save(language, catalogue)
    return len(set().union(*lists.values()))


def _told(lists: dict[str, list[str]], what: str) -> int:
    """Print the lists; return the exit code, 1 where there is anything to do."""
    for language, ids in lists.items():
        print(f"{language}: {len(ids)} {what}", *ids, sep="\n  ")
    return 1 if any(lists.values()) else 0


def main(arguments: list[str]) -> int:
    """Run one of the verbs."""
    verb = arguments[0] if arguments else "missing"
    if verb == "add":
        print(f"{add(Path(arguments[1]))} rows added")
    elif verb == "extract":
        print("\n".join(sorted(extract())))
    elif verb == "compile":
        for language in TRANSLATED:
            compile_one(language, load(language))
    elif verb == "remove-unused":
        print(f"{remove_unused()} msgids removed")
    elif verb == "unused":
        return _told(unused(), "unused")
    elif verb == "missing":
        return _told(missing(), "missing")
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
