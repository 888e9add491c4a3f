"""One HTML file with a folium map that opens from a stick without a network.

Leaflet comes from the vendored files; nothing remote is named. What people typed reaches the page as text
nodes only: never as markup, never as a template.
"""

from __future__ import annotations

import json
import re
from datetime import date
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any

from app.exports import words
from app.exports.choropleth import CLASS_COLOURS, DEFAULT_INDICATOR, INDICATORS
from app.exports.columns import KEYS, LIST_SEPARATOR
from app.exports.document import ListDocument
from app.exports.exporter import Exporter, ExportsError
from app.exports.formats.offline_water import label_place, water_features, water_style
from app.exports.svg_map import GRADE_SHAPES
from app.i18n.formats import format_date, format_number, format_percent
from app.i18n.marks import N_
from app.i18n.names import local_name
from geodata.records.list_file import MapArea

HERE = Path(__file__).resolve().parent
LEAFLET = HERE.parents[1] / "web/static/vendor/leaflet/1.9.4"
MOST_ROWS = 20_000
SHADING = INDICATORS[DEFAULT_INDICATOR]
HATCH = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#fbfaf7"/><path d="M0 0V6" stroke="#6f716b" stroke-width="2"/></pattern>'
)
REMOTE = re.compile(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""", re.IGNORECASE)
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
POPUP = (
    ("c", "code"),
    ("gr", "grade"),
    ("r", "national_rank"),
    ("p", "priority_central"),
    ("u", "pupils"),
    ("k", "completeness"),
    ("f", "red_flags"),
    ("x", "unknown_factors"),
    ("d", "assessed_on"),
)
"""Short names of the file -> columns of the list, in the order of the popup."""


class RemoteAddressError(ExportsError):
    """The file would fetch something from the network; the message shows where."""


class UnknownShapeError(ExportsError):
    """folium wrote a page of another shape than this module takes apart."""


def plain_text(text: str) -> str:
    """Return ``text`` without what a template or a script could run."""
    return text.replace("`", "\u2019").replace("${", "$ {").replace("{{", "{ {").replace("{%", "{ %")


def write(document: ListDocument, path: Path) -> None:
    """Write the file. Raises RemoteAddressError rather than one that is not self-contained."""
    html = _page(document, _map_html(document))
    found = REMOTE.search(html)
    if found:
        raise RemoteAddressError(html[max(0, found.start() - 80) : found.end() + 80])
    path.write_text(html, encoding="utf-8")


def _school_features(document: ListDocument) -> list[dict[str, Any]]:
    at = {key: KEYS.index(key) for key in ("lon", "lat", "grade", *(key for _short, key in POPUP))}
    name_at = [KEYS.index(f"name_{code}") for code in dict.fromkeys((document.language, "ky", "ru", "en"))]
    features = []
    for row in document.records():
        lon, lat = row[at["lon"]], row[at["lat"]]
        if not (lon and lat):
            continue
        name = next((row[position] for position in name_at if row[position]), row[at["code"]])
        properties = {"n": plain_text(name), "g": row[at["grade"]] or None}
        properties |= {short: _shown(key, row[at[key]], document) for short, key in POPUP if row[at[key]]}
        point = {"type": "Point", "coordinates": [round(float(lon), 5), round(float(lat), 5)]}
        features.append({"type": "Feature", "geometry": point, "properties": properties})
    return features


def _shown(key: str, text: str, document: ListDocument) -> str:
    if key == "priority_central":
        return format_number(float(text), document.language, 1)
    if key == "completeness":
        return format_percent(100 * float(text), document.language)
    if key in ("national_rank", "pupils"):
        return format_number(float(text), document.language)
    if key == "assessed_on":
        return format_date(date.fromisoformat(text), document.language)
    return plain_text(text.replace(LIST_SEPARATOR, ", "))


def _area_features(document: ListDocument, shapes: list[MapArea]) -> list[dict[str, Any]]:
    features = []
    for area in shapes:
        if area.geometry is None:
            continue
        properties = {
            "n": plain_text(local_name(area, document.language)),
            "t": _area_text(document, area),
            "k": SHADING.class_of(SHADING.value_of(area)),
            "o": area.is_own,
        }
        if not area.is_own:
            properties["l"] = label_place(area.geometry)
        features.append({"type": "Feature", "geometry": json.loads(area.geometry), "properties": properties})
    return features


def _area_text(document: ListDocument, area: MapArea) -> str:
    say, language = document.translate, document.language
    return say(
        N_("Schools: %(schools)s. Pupils in schools graded D or E: %(share)s."),
        schools=format_number(area.schools, language),
        share=format_percent(SHADING.value_of(area), language),
    )


def _area_style(feature: dict[str, Any]) -> dict[str, Any]:
    number = feature["properties"]["k"]
    fill = CLASS_COLOURS[number - 1] if number else "url(#hatch)"
    if feature["properties"]["o"]:
        return {"color": "#1b2625", "weight": 2.5, "fillOpacity": 0, "interactive": False}
    return {"color": "#4d5957", "weight": 1, "fillColor": fill, "fillOpacity": 0.75}


def _map_html(document: ListDocument) -> str:
    import folium
    from folium.utilities import JsCode

    shapes = _area_features(document, document.shapes())
    schools = _school_features(document)
    drawn = folium.Map(
        tiles=None, location=[41.4, 74.6], zoom_start=7, max_zoom=18, attr="", zoom_control=False, zoom_snap=0.25
    )
    drawn.default_js, drawn.default_css = [], []
    if shapes:
        areas = {"type": "FeatureCollection", "features": shapes}
        folium.GeoJson(areas, style_function=_area_style, on_each_feature=JsCode("mektepArea")).add_to(drawn)
    waters = water_features(document.waters(), document.language, plain_text)
    if waters:
        water = {"type": "FeatureCollection", "features": waters}
        folium.GeoJson(water, style_function=water_style, on_each_feature=JsCode("mektepWater")).add_to(drawn)
    if schools:
        points = {"type": "FeatureCollection", "features": schools}
        folium.GeoJson(points, point_to_layer=JsCode("mektepPoint"), on_each_feature=JsCode("mektepSchool")).add_to(
            drawn
        )
    drawn.fit_bounds(_bounds(shapes, schools))
    html: str = drawn.get_root().render()
    return html


def _bounds(shapes: list[dict[str, Any]], schools: list[dict[str, Any]]) -> list[list[float]]:
    import numpy as np

    own = [shape for shape in shapes if shape["properties"]["o"]] or shapes
    places = [point for shape in own for point in _corners(shape["geometry"])]
    places = places or [school["geometry"]["coordinates"] for school in schools] or [[69.2, 39.15], [80.35, 43.3]]
    corners = np.asarray(places, dtype=float)
    west, south = corners.min(axis=0)
    east, north = corners.max(axis=0)
    return [[float(south), float(west)], [float(north), float(east)]]


def _corners(geometry: dict[str, Any]) -> list[list[float]]:
    rings = (
        geometry["coordinates"] if geometry["type"] == "Polygon" else list(chain.from_iterable(geometry["coordinates"]))
    )
    return [point for ring in rings for point in ring]


def _page(document: ListDocument, html: str) -> str:
    """Return the document: our head, folium's map element and script, title, legend and origin."""
    body = re.search(r"<body>(.*?)</body>", html, re.DOTALL)
    script = re.search(r"<script>(.*)</script>\s*</html>", html, re.DOTALL)
    if body is None or script is None:
        raise UnknownShapeError("folium's page has another shape than expected")
    name = re.search(r'id="(map_[0-9a-f]+)"', body.group(1))
    if name is None:
        raise UnknownShapeError("folium's page has no map")
    title = document.title
    map_words = document.translate(N_("Map"))
    drawn = name.group(1)
    last = f"{drawn}.attributionControl.setPrefix('Leaflet');L.control.zoom({_zoom_words(document)}).addTo({drawn});"
    last += f"mektepFinish({drawn});"
    mark = f'<p class="mark">{escape(document.synthetic_mark)}</p>' if document.is_synthetic else ""
    return f"""<!DOCTYPE html>
<html lang="{document.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_leaflet_css()}{(HERE / "offline_map.css").read_text(encoding="utf-8")}</style>
<script>{_leaflet_js()}</script>
<script>const MEKTEP = {_words(document)};{(HERE / "offline_map.js").read_text(encoding="utf-8")}</script>
</head>
<body class="page">
<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>{HATCH}{_symbols()}</defs></svg>
<header><h1>{escape(title)}</h1>{mark}</header>
<div class="stage">
<div role="application" aria-label="{escape(map_words)}">{body.group(1)}</div>
<aside class="side">{_legend(document)}{_origin(document)}</aside>
</div>
<script>{script.group(1)}{last}</script>
</body>
</html>
"""


def _leaflet_css() -> str:
    css = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
    return re.sub(r"url\([^)]*\)", "none", css)


def _leaflet_js() -> str:
    js = (LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    js = re.sub(r"//# sourceMappingURL=.*", "", js)
    return js.replace("https://leafletjs.com", "#").replace("</script", "<\\/script")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _zoom_words(document: ListDocument) -> str:
    say = document.translate
    return _json({"zoomInTitle": say(N_("Zoom in")), "zoomOutTitle": say(N_("Zoom out"))})


def _words(document: ListDocument) -> str:
    say = document.translate
    labels = {column.key: say(column.label) for column in document.columns}
    return _json(
        {
            "labels": {short: labels[key] for short, key in POPUP},
            "unknown": say(words.UNKNOWN),
            "units": {"km": say(N_("km")), "m": say(N_("m"))},
            "mark": document.synthetic_mark if document.is_synthetic else "",
        }
    )


def _symbols() -> str:
    return "".join(f'<g id="grade-{grade}">{shape}</g>' for grade, shape in GRADE_SHAPES.items())


def _legend(document: ListDocument) -> str:
    say = document.translate
    grades = "".join(
        f'<li><svg viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true">'
        f'<use href="#grade-{"U" if grade == "unknown" else grade}"/></svg>'
        f"{escape(say(words.GRADES[grade]))}: {escape(say(meaning))}</li>"
        for grade, meaning in words.GRADE_MEANINGS.items()
    )
    classes = "".join(
        f'<li><svg width="22" height="14" aria-hidden="true"><rect width="22" height="14" fill="{colour}" '
        'stroke="#4d5957"/></svg>'
        f"{SHADING.class_label(number, document.language)}</li>"
        for number, colour in enumerate(CLASS_COLOURS, 1)
    )
    grades_title, too_little = say(N_("Grade of the school")), say(N_("Too little assessed to say"))
    unknown = (
        '<li><svg width="22" height="14" aria-hidden="true"><rect width="22" height="14" fill="url(#hatch)" '
        f'stroke="#4d5957"/></svg>{escape(too_little)}</li>'
    )
    return (
        f"<h2>{escape(grades_title)}</h2><ul>{grades}</ul>"
        f"<h2>{escape(say(SHADING.label))}</h2><ul>{classes}{unknown}</ul>"
    )


def _origin(document: ListDocument) -> str:
    about = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for _key, label, value in document.about())
    sources = "".join(
        f"<li>{escape(what)}: {escape(publisher)} ({escape(licence)})</li>"
        for what, publisher, licence in document.source_words()
    )
    about_title = document.translate(N_("About this file"))
    sources_title = document.translate(N_("Sources and licences"))
    return f"<h2>{escape(about_title)}</h2><dl>{about}</dl><h2>{escape(sources_title)}</h2><ul>{sources}</ul>"


EXPORTER = Exporter("html", N_("Map that opens offline (HTML)"), "text/html", write, MOST_ROWS, order=3)
