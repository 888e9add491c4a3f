"""The QGIS style of the list's points: the grade by shape and colour together, unknown as an open ring."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from app.exports import words
from app.i18n.catalogue import Translate

INK = "27,38,37,255"
MARKS: dict[str, tuple[str, str, str]] = {
    "E": ("diamond", "163,29,45,255", "3.2"),
    "D": ("triangle", "221,138,62,255", "3"),
    "C": ("square", "233,216,166,255", "2.4"),
    "B": ("circle", "127,179,200,255", "2.4"),
    "A": ("circle", "26,110,142,255", "2.4"),
    "unknown": ("circle", "255,255,255,0", "2.4"),
}
"""Grade -> (shape, fill as red, green, blue, alpha, size in mm), the worst drawn last so that it lies on top."""


def _symbol(number: int, shape: str, fill: str, size: str) -> str:
    properties = {
        "name": shape,
        "color": fill,
        "outline_color": INK,
        "outline_width": "0.2",
        "outline_width_unit": "MM",
        "size": size,
        "size_unit": "MM",
    }
    options = "".join(f'<Option type="QString" name="{key}" value="{value}"/>' for key, value in properties.items())
    return (
        f'<symbol type="marker" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="SimpleMarker" enabled="1" locked="0" pass="{len(MARKS) - number}">'
        f'<Option type="Map">{options}</Option></layer></symbol>'
    )


def style_qml(say: Translate) -> str:
    """Return the QML with a legend in the language of ``say``."""
    symbols = "".join(_symbol(number, *mark) for number, mark in enumerate(MARKS.values()))
    categories = "".join(
        f'<category render="true" symbol="{number}" value={quoteattr("" if grade == "unknown" else grade)} '
        f'type="{"NULL" if grade == "unknown" else "string"}" '
        f"label={quoteattr(f'{say(words.GRADES[grade])}: {say(words.GRADE_MEANINGS[grade])}')}/>"
        for number, grade in enumerate(MARKS)
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.22.0" styleCategories="Symbology">'
        '<renderer-v2 type="categorizedSymbol" attr="grade" symbollevels="1" enableorderby="0" forceraster="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2></qgis>"
    )
