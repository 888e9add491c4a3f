"""What stands beside a CSV file: "Metadata Vocabulary for Tabular Data" of the W3C (CSV on the Web, 2015) as JSON.

The CSV itself stays plain: a heading of keys, then rows. Its companion says in the reader's language what the file is,
by which filter, of which ranking and day, under which licence, that data are synthetic where they are, and what each
column means. Programs find it by the address of the CSV followed by ``-metadata.json``, the default place of the
recommendation (section 5.2), and by the header ``Link``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from app.exports.document import LICENCE_ADDRESS
from app.i18n.catalogue import translator
from app.i18n.marks import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.exports.column import Column
    from app.exports.document import ListDocument
    from app.exports.plain_table import Cell

EXTENSION = "csv-metadata.json"
MIMETYPE = "application/csvm+json"
CONTEXT = "http://www.w3.org/ns/csvw"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DIALECT = {
    "encoding": "utf-8",
    "lineTerminators": ["\r\n", "\n"],
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
    "headerRowCount": 1,
}
DATATYPES: dict[str, Any] = {
    "text": "string",
    "choice": "string",
    "integer": "integer",
    "money": "integer",
    "decimal": "number",
    "share": {"base": "number", "minimum": "0", "maximum": "1"},
    "degrees": "number",
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "boolean": {"base": "boolean", "format": "true|false"},
}
"""Kind of a column -> datatype of its cells; unknown is an empty cell, the null of the recommendation."""
NOTE = N_(
    "An empty cell is unknown, never 0 and never safe. An apostrophe stands before a text that a spreadsheet would run."
)


@dataclass(frozen=True, slots=True)
class TableAbout:
    """What is said of a short table. ``url`` is the address of the CSV as its companion sees it.

    ``facts`` are (key, label, value) in ``language``: run, days, filter, licence. ``synthetic``: the mark; None:
    the data are real.
    """

    url: str
    language: str
    facts: Sequence[tuple[str, str, str]]
    made_on: date
    synthetic: str | None = None


def list_metadata(document: ListDocument, url: str) -> bytes:
    """Return the companion of a list or a plan; ``url`` is the CSV's address as the companion sees it."""
    columns = [_column(column, document.language) for column in document.columns]
    columns += [
        {"name": key, "titles": list(dict.fromkeys((label, key))), "dc:description": meaning, "datatype": kind}
        for key, label, meaning, kind in document.constant_words()
    ]
    about = TableAbout(
        url,
        document.language,
        document.about(),
        document.made_on,
        document.synthetic_mark if document.is_synthetic else None,
    )
    sources = [{"dc:title": what, "dc:publisher": who, "dc:license": licence}
               for what, who, licence in document.source_words()]  # fmt: skip
    return _text(_table(about, document.title, columns) | {"dc:source": sources})


def table_metadata(
    about: TableAbout,
    title: str,
    keys: Sequence[str],
    labels: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    meanings: Mapping[str, str] | None = None,
) -> bytes:
    """Return the companion of a short table; the datatype of a column is the narrowest that holds all its cells.

    ``meanings``: by the key of a column, what its cells say that its label does not.
    """
    told = meanings or {}
    cells = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in keys]
    columns = [
        {"name": key, "titles": list(dict.fromkeys((label, key))), "datatype": _datatype(column)}
        | ({"dc:description": told[key]} if key in told else {})
        for key, label, column in zip(keys, labels, cells, strict=True)
    ]
    return _text(_table(about, title, columns))


def _table(about: TableAbout, title: str, columns: list[dict[str, Any]]) -> dict[str, Any]:
    say = translator(about.language)
    told = "; ".join(f"{label}: {value}" for key, label, value in about.facts if key in ("filter", "area"))
    parts = [about.synthetic, f"{told}." if told else "", say(NOTE)]
    run = next((value for key, _label, value in about.facts if key in ("plan", "run")), None)
    return {
        "@context": [CONTEXT, {"@language": about.language}],
        "@type": "Table",
        "url": about.url,
        "dc:title": title,
        "dc:description": " ".join(part for part in parts if part),
        "dc:language": about.language,
        "dc:publisher": "Koopsuz Mektep",
        "dc:license": {"@id": LICENCE_ADDRESS},
        "dc:created": {"@value": about.made_on.isoformat(), "@type": "xsd:date"},
        **({"dc:identifier": run} if run else {}),
        "notes": [{"name": key, "title": label, "value": value} for key, label, value in about.facts],
        "dialect": DIALECT,
        "tableSchema": {"columns": columns},
    }


def _column(column: Column, language: str) -> dict[str, Any]:
    say = translator(language)
    words = [say(column.description)]
    words += [f"{code}: {say(word)}" for code, word in (column.choices or {}).items() if say(word) != code]
    found = {
        "name": column.key,
        "titles": list(dict.fromkeys((say(column.label), column.key))),
        "dc:description": "; ".join(words),
        "datatype": DATATYPES[column.kind],
    }
    return found | ({"schema:unitText": say(column.unit)} if column.unit else {})


def _datatype(cells: list[Cell]) -> Any:
    known = [cell for cell in cells if cell is not None and cell != ""]
    if not known:
        return "string"
    if all(isinstance(cell, int) for cell in known):
        return "integer"
    if all(isinstance(cell, (int, float)) for cell in known):
        return "number"
    is_day = all(isinstance(cell, str) and DAY.fullmatch(cell) for cell in known)
    return DATATYPES["date"] if is_day else "string"


def _text(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False, indent=1).encode()
