"""GeoJSON read feature by feature, so that memory holds one parsed feature at a time."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.crs import parse_crs
from geodata.readers.features import Features
from geodata.readers.geometry import GeometryError, from_geojson
from geodata.readers.limits import file_problem, refuse

if TYPE_CHECKING:
    from pyproj import CRS

SPACE = " \t\r\n\x1e"
MAX_NUMBER_CHARACTERS = 400
RECURSION = 5_000
GEOMETRY_TYPES = ("Point", "Polygon", "LineString", "Multi", "GeometryCollection")


class _DuplicateKeyError(ValueError):
    """One object holds the same key twice."""


class _NotANumberError(ValueError):
    """NaN or Infinity, which JSON does not know."""


class _NumberTooLongError(ValueError):
    """An integer of hundreds of digits."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _DuplicateKeyError(next(key for key in keys if keys.count(key) > 1))
    return found


def _integer(text: str) -> int:
    if len(text) > MAX_NUMBER_CHARACTERS:
        raise _NumberTooLongError
    return int(text)


def _constant(text: str) -> float:
    raise _NotANumberError(text)


STRICT = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_integer, parse_constant=_constant)
LENIENT = json.JSONDecoder(parse_int=lambda text: 0 if len(text) > MAX_NUMBER_CHARACTERS else int(text))
"""Only finds where a feature ends after ``STRICT`` has said what is wrong with it."""


def read_geojson(path: Path) -> tuple[Features, CRS | None]:
    """Return the features and their CRS (None: WGS 84 as RFC 7946 says).

    Raises:
        FileRefusedError: Not UTF-8, not JSON, TopoJSON, no FeatureCollection, unknown or remote CRS.
    """
    features = Features()
    text = _decode(path.read_bytes(), features)
    old = sys.getrecursionlimit()
    sys.setrecursionlimit(max(old, RECURSION))
    try:
        return _Document(text, features).read()
    except RecursionError:
        refuse("json_too_deep")
    except _NumberTooLongError:
        refuse("json_number_too_long", feature=len(features.numbers) + 1)
    except json.JSONDecodeError as error:
        refuse("json_malformed", line=error.lineno, column=error.colno)
    finally:
        sys.setrecursionlimit(old)


def _decode(data: bytes, features: Features) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        refuse("json_not_utf8", encoding="UTF-16")
    if data.startswith(b"\xef\xbb\xbf"):
        features.problems.append(file_problem("bom_removed", "note"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse("json_not_utf8", encoding=f"?, {error.start}")


class _Document:
    """A cursor over the text."""

    def __init__(self, text: str, features: Features) -> None:
        self.text = text
        self.at = 0
        self.features = features
        self.other: dict[str, Any] = {}

    def read(self) -> tuple[Features, CRS | None]:
        if self._peek() == "[":
            refuse("geojson_array")
        self._top_object()
        kind = self.other.get("type")
        if kind == "Topology" or "arcs" in self.other:
            refuse("topojson_refused")
        if kind == "Feature":
            self._sequence()
        elif kind != "FeatureCollection" or not self.has_features:
            refuse("geojson_not_collection", found=str(kind)[:40])
        elif self._peek():
            self._malformed()
        return self.features, self._crs()

    def _top_object(self) -> None:
        self.has_features = False
        for key in self._keys():
            if key in self.other or (key == "features" and self.has_features):
                refuse("json_duplicate_key", key=key[:40])
            if key == "features" and self._peek() == "[":
                self.has_features = True
                for number, feature in enumerate(self._elements(), start=1):
                    self._take(feature, number)
            else:
                self.other[key] = self._value()

    def _keys(self) -> Iterator[str]:
        self._expect("{")
        if self._peek() == "}":
            self.at += 1
            return
        while True:
            if self._peek() != '"':
                self._malformed()
            key, self.at = LENIENT.raw_decode(self.text, self.at)
            self._expect(":")
            yield key
            if self._peek() == "}":
                self.at += 1
                return
            self._expect(",")

    def _elements(self) -> Iterator[Any]:
        self._expect("[")
        if self._peek() == "]":
            self.at += 1
            return
        number = 0
        while True:
            number += 1
            yield self._feature(number)
            if self._peek() == "]":
                self.at += 1
                return
            self._expect(",")

    def _feature(self, number: int) -> Any:
        """Return the next element; one with a twin key or NaN is told and read again without judgement."""
        self._peek()
        start = self.at
        try:
            return self._value()
        except _DuplicateKeyError as error:
            self.features.tell(number, "json_duplicate_key", {"key": str(error)[:40]})
        except _NotANumberError as error:
            self.features.tell(number, "json_not_a_number", {"value": str(error)})
        value, self.at = LENIENT.raw_decode(self.text, start)
        if isinstance(value, dict):
            value["geometry"] = {"type": "told"}
        return value

    def _take(self, feature: Any, number: int) -> None:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            refuse("feature_not_object", feature=number)
        properties = feature.get("properties") or {}
        if not isinstance(properties, dict):
            self.features.tell(number, "geometry_damaged")
            properties = {}
        if "id" in feature and "id" not in properties and isinstance(feature["id"], str | int):
            properties = {**properties, "id": feature["id"]}
        geometry = None
        if feature.get("geometry") != {"type": "told"}:
            try:
                geometry = from_geojson(feature.get("geometry"))
            except GeometryError as error:
                self.features.tell(number, error.code, error.params)
        self.features.add(properties, geometry, number)

    def _sequence(self) -> None:
        """Features one after the other: GeoJSON text sequences and newline-delimited GeoJSON."""
        self._take(self.other, 1)
        number = 1
        while self._peek():
            number += 1
            self._take(self._feature(number), number)
        self.other = {}
        if number > 1:
            self.features.problems.append(file_problem("geojson_sequence", "note"))

    def _value(self) -> Any:
        self._peek()
        try:
            value, self.at = STRICT.raw_decode(self.text, self.at)
        except StopIteration:
            self._malformed()
        return value

    def _peek(self) -> str:
        text, at = self.text, self.at
        while at < len(text) and text[at] in SPACE:
            at += 1
        self.at = at
        return text[at : at + 1]

    def _expect(self, sign: str) -> None:
        if self._peek() != sign:
            self._malformed()
        self.at += 1

    def _malformed(self) -> None:
        raise json.JSONDecodeError("malformed", self.text, min(self.at, len(self.text)))

    def _crs(self) -> CRS | None:
        """Return the CRS of the older GeoJSON member ``crs``; RFC 7946 has none and means WGS 84."""
        member = self.other.get("crs")
        if member is None:
            return None
        properties = member.get("properties") if isinstance(member, dict) else None
        if not isinstance(properties, dict):
            refuse("crs_unknown", crs=str(member)[:80])
        name = str(properties.get("name", properties.get("href", "")))
        if member.get("type") == "link" or name.startswith(("http:", "https:", "ftp:", "file:", "/")):
            refuse("crs_remote", crs=name[:80])
        if name.upper().endswith("CRS84"):
            return None
        crs = parse_crs(name) if len(name) < 200 else None
        if crs is None:
            refuse("crs_unknown", crs=name[:80])
        return crs
