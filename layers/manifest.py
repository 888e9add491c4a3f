"""The typed form of a layer's TOML: source, licence, unit, classes, and what "outside coverage" means.

``layers/catalogue/<code>.toml`` is the whole of a hazard layer; its data come through the importer.
"""

from __future__ import annotations

import tomllib
from datetime import date
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from layers.errors import InvalidManifestError

HAZARDS = (
    "earthquake",
    "flood",
    "mudflow",
    "landslide",
    "avalanche",
    "rockfall",
    "glof",
    "cold",
    "heat",
    "tailings",
    "road",
    "power_line",
    "fault",
    "altitude",
)
"""Kinds of hazard; ``fault`` and ``altitude`` are context: shown, and counted by no scheme."""

TECHNOGENIC = ("tailings", "road", "power_line")
"""Hazards that people built; all others are natural."""

NOT_STATED = "not stated"
Hazard = Literal[
    "earthquake", "flood", "mudflow", "landslide", "avalanche", "rockfall", "glof", "cold", "heat", "tailings", "road",
    "power_line", "fault", "altitude",
]  # fmt: skip
Quantity = Literal[
    "level", "pga_g", "msk", "depth_m", "distance_m", "altitude_m", "temperature_c", "days", "recurrence", "value"
]
Kind = Literal["polygon", "line", "point", "raster"]
Level = Annotated[int, Field(ge=1, le=4)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LayerClass(_Strict):
    """One class: values below ``upper`` (the unit of the layer) that no earlier class took.

    ``level`` is 1 (least) to 4 (worst), or None when the source does not document what the class means.
    """

    level: Level | None
    upper: float = inf
    colour: Colour
    label: str


class Source(_Strict):
    """Who made the layer. ``licence`` "not stated" keeps the layer from the public."""

    publisher: str
    licence: str
    url: str | None = None
    published: date | None = None
    attribution: str | None = None


class Sampling(_Strict):
    """How a value is taken at a place.

    ``buffer_m`` is the positional accuracy in metres: the worst class within it counts. Lines and points give
    the distance to the nearest feature. ``statistic`` is for rasters: "max" looks at all cells in the buffer.
    """

    buffer_m: float = Field(default=0.0, ge=0)
    statistic: Literal["nearest", "max"] = "nearest"


class Coverage(_Strict):
    """Where the layer says something. Outside, the level is unknown, never low.

    ``everywhere``: a place that no feature touches has ``untouched_level``. ``features``: only places inside
    a feature are known. ``ring``: as everywhere, inside the ring of (longitude, latitude) only. ``extent``: as
    everywhere, inside the convex hull of the file's own features and near them only (the greatest bound of a distance):
    a file that holds a part of the country says nothing of the rest.
    """

    kind: Literal["everywhere", "features", "ring", "extent"] = "everywhere"
    ring: tuple[tuple[float, float], ...] = ()
    untouched_level: Level | None = 1

    @model_validator(mode="after")
    def _ring_is_given(self) -> Coverage:
        if (self.kind == "ring") != (len(self.ring) >= 4):
            raise ValueError("coverage of kind ring needs a ring of at least four points, and only that kind")
        return self


class Basis(_Strict):
    """Where the bounds of the classes come from: ``text`` is a msgid that names the norm, or says whose proposal."""

    status: Literal["documented", "proposal"]
    text: str


class FileHints(_Strict):
    """How a file of this layer is read; a column that is not named here is guessed from names and values."""

    level_column: str | None = None
    level_map: dict[str, Level] = Field(default_factory=dict)
    value_column: str | None = None
    name_column: str | None = None
    keep_column: str | None = None
    keep_values: tuple[str, ...] = ()


class HazardLayer(_Strict):
    """One hazard layer. ``title`` and the labels of classes are msgids."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,40}$")]
    hazard: Hazard
    kind: Kind
    title: str
    unit: str | None = None
    quantity: Quantity = "level"
    return_period_years: int | None = Field(default=None, gt=0)
    fitness: Literal["screening", "planning", "design"]
    is_context: bool = False
    is_synthetic: bool = False
    sampling: Sampling = Sampling()
    coverage: Coverage = Coverage()
    classes: tuple[LayerClass, ...] = ()
    basis: Basis | None = None
    file: FileHints = FileHints()
    source: Source

    @model_validator(mode="after")
    def _classes_ascend(self) -> HazardLayer:
        uppers = [found.upper for found in self.classes]
        if self.quantity != "level" and any(a >= b for a, b in pairwise(uppers)):
            raise ValueError("classes must ascend by upper")
        return self

    @model_validator(mode="after")
    def _depth_is_in_metres(self) -> HazardLayer:
        if self.quantity == "depth_m" and self.unit != "m":
            raise ValueError(
                f"depths are in metres (unit m), not in {self.unit or 'no unit'}: convert the raster first"
            )
        return self

    @property
    def is_licensed(self) -> bool:
        """Return whether the licence is stated, so that the layer may be public."""
        return self.source.licence.strip().lower() not in ("", NOT_STATED)


def read_manifest(path: Path) -> HazardLayer:
    """Return the layer of a TOML file, whose name must be its code.

    Raises:
        InvalidManifestError: Not TOML, a field missing, unknown or wrong; the message names it.
    """
    try:
        layer = HazardLayer.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise InvalidManifestError(f"{path.name}: {error}") from error
    if layer.code != path.stem:
        raise InvalidManifestError(f"{path.name}: code {layer.code!r} is not the file's name")
    return layer


def manifest_as_json(layer: HazardLayer) -> dict[str, Any]:
    """Return the manifest as plain JSON values, with infinity as None: what the database keeps with a version.

    A basis that is not stated is left out, so that a file taken in before there was one is the same file today.
    """
    found = layer.model_dump(mode="json", exclude=None if layer.basis else {"basis"})
    for row, made in zip(found["classes"], layer.classes, strict=True):
        row["upper"] = None if made.upper == inf else made.upper
    return found


def manifest_from_json(stored: dict[str, Any]) -> HazardLayer:
    """Return the layer that ``manifest_as_json`` stored."""
    classes = [row | {"upper": inf if row["upper"] is None else row["upper"]} for row in stored.get("classes", ())]
    return HazardLayer.model_validate(stored | {"classes": classes})
