"""GeoJSON (RFC 7946): one point a school; what the file is stands in ``metadata``, before the features."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from app.exports.column import Column
from app.exports.document import ListDocument
from app.exports.exporter import Exporter
from app.i18n.marks import N_

QUOTED = ("text", "choice", "date")


def metadata(document: ListDocument) -> dict[str, object]:
    """Return what the file says about itself; columns with their meaning, sources with their licences."""
    say = document.translate
    return {
        **{key: value for key, _label, value in document.about()},
        "data_date": document.data_date.isoformat(),
        "made_on": document.made_on.isoformat(),
        "is_synthetic": document.is_synthetic,
        "language": document.language,
        "columns": {
            column.key: {
                "name": say(column.label),
                "meaning": say(column.description),
                "unit": say(column.unit) if column.unit else None,
            }
            for column in document.columns
        },
        "sources": [
            {"what": what, "publisher": publisher, "licence": licence}
            for what, publisher, licence in document.source_words()
        ],
    }


def value_text(column: Column, cell: str) -> str:
    """Return a cell as JSON text; numbers keep the digits that the database wrote."""
    if not cell:
        return "null"
    return json.dumps(cell, ensure_ascii=False) if column.kind in QUOTED else cell


def feature_texts(document: ListDocument) -> Iterator[str]:
    """Yield each school as the text of a feature; a school without a known place has no geometry."""
    keys = [column.key for column in document.columns]
    lon, lat = keys.index("lon"), keys.index("lat")
    names = [json.dumps(key) for key in keys]
    for row in document.records():
        point = f'{{"type":"Point","coordinates":[{row[lon]},{row[lat]}]}}' if row[lon] and row[lat] else "null"
        cells = ",".join(
            f"{name}:{value_text(column, cell)}"
            for name, column, cell in zip(names, document.columns, row, strict=True)
        )
        yield f'{{"type":"Feature","geometry":{point},"properties":{{{cells}}}}}'


def write(document: ListDocument, path: Path) -> None:
    """Write the collection, one feature a line."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        about = json.dumps(metadata(document), ensure_ascii=False)
        file.write(f'{{"type":"FeatureCollection","metadata":{about},"features":[')
        for number, text in enumerate(feature_texts(document)):
            file.write(",\n" if number else "\n")
            file.write(text)
        file.write("\n]}\n")


EXPORTER = Exporter("geojson", N_("Map layer (GeoJSON)"), "application/geo+json", write, order=5)
