"""THE list of columns: what every file, the API and the chooser of the list know about a school in a run.

A column is one entry here and one expression in ``geodata.queries.list_file`` (a test compares them cell
for cell): SQL writes the text of long files, the getter reads the same value from a row.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from app.exports import words
from app.exports.column import Column, Kind, Places, Value
from app.exports.method_columns import METHOD_COLUMNS
from app.i18n.marks import N_
from geodata.records.priority import FACTORS, PriorityRow
from layers.manifest import HAZARDS

LIST_SEPARATOR = ";"
CONTEXT = ("fault", "altitude")
COUNTED_HAZARDS = tuple(hazard for hazard in HAZARDS if hazard not in CONTEXT)


def _field(key: str, label: str, description: str, kind: Kind, *, field: str | None = None, **more: Any) -> Column:
    read = attrgetter(field or key)
    return Column(key, label, description, kind, lambda row, _places: read(row), **more)


def _place(key: str, label: str, description: str) -> Column:
    read = attrgetter(f"{key}_code")
    return Column(key, label, description, "text", lambda row, places: places.get(read(row)))


def _joined(key: str, label: str, description: str, read: Callable[[PriorityRow], tuple[str, ...]]) -> Column:
    return Column(key, label, description, "text", lambda row, _places: LIST_SEPARATOR.join(read(row)) or None)


def _unknown_factors(row: PriorityRow) -> tuple[str, ...]:
    return tuple(factor for factor, known in zip(FACTORS, row.known, strict=True) if not known)


def _assessed_on(row: PriorityRow, _places: Places) -> Value:
    return row.assessed_on.isoformat() if row.assessed_on else None


def _factor(position: int, factor: str) -> tuple[Column, Column]:
    value = Column(
        f"{factor.lower()}_value",
        words.FACTOR_LABELS[factor],
        words.FACTOR_MEANINGS[factor],
        "decimal",
        lambda row, _places: row.factor_raw[position] if row.known[position] else None,
        unit=words.FACTOR_UNITS[factor],
    )
    points = Column(
        f"{factor.lower()}_points",
        words.FACTOR_POINT_LABELS[factor],
        N_("Points that this factor adds to the priority; half of its most when its value is unknown."),
        "decimal",
        lambda row, _places: row.contributions[position],
        unit=N_("points"),
    )
    return value, points


def _hazard(hazard: str) -> Column:
    return Column(
        f"hazard_{hazard}",
        words.HAZARD_LABELS[hazard],
        N_("Level of this hazard at the school, 1 (least) to 4 (worst); empty = unknown, never low."),
        "integer",
        lambda row, _places: row.hazard_levels.get(hazard),
        unit=N_("level 1 to 4"),
    )


_RANKS = (
    _field(
        "national_rank",
        N_("Rank in the country"),
        N_("Place by priority in the country, 1 = highest priority; ties stand by C1, then C2, then code."),
        "integer",
        in_brief=True,
    ),
    _field(
        "rank_low",
        N_("Rank, best case"),
        N_("First place of nine of ten draws; without draws, the first that unknown values allow."),
        "integer",
        in_brief=True,
    ),
    _field(
        "rank_high",
        N_("Rank, worst case"),
        N_("Last place of nine of ten draws; without draws, the last that unknown values allow."),
        "integer",
        in_brief=True,
    ),
    _field(
        "oblast_rank", N_("Rank in the oblast"), N_("Place by priority in the oblast or republican city."), "integer"
    ),
    _field("rayon_rank", N_("Rank in the rayon"), N_("Place by priority in the rayon or city."), "integer"),
    _field("aimak_rank", N_("Rank in the aiyl aimak"), N_("Place by priority in the aiyl aimak."), "integer"),
)

_SCHOOL = (
    _field(
        "code", N_("School code"), N_("Permanent code of the school; text, leading zeros count."), "text", in_brief=True
    ),
    _field("name_ky", N_("Name in Kyrgyz"), N_("Name of the school in Kyrgyz."), "text"),
    _field("name_ru", N_("Name in Russian"), N_("Name of the school in Russian."), "text"),
    _field("name_en", N_("Name in English"), N_("Name of the school in English."), "text"),
    _place(
        "oblast",
        N_("Oblast or republican city"),
        N_("First level: oblast or republican city, in the language of the file."),
    ),
    _place("rayon", N_("Rayon or city"), N_("Second level: rayon or city, in the language of the file.")),
    _place("aimak", N_("Aiyl aimak"), N_("Third level: aiyl aimak, in the language of the file.")),
    _field("oblast_code", N_("Code of the oblast"), N_("SOATE code of the oblast or republican city; text."), "text"),
    _field("rayon_code", N_("Code of the rayon"), N_("SOATE code of the rayon or city; text."), "text"),
    _field("aimak_code", N_("Code of the aiyl aimak"), N_("SOATE code of the aiyl aimak; text."), "text"),
    _field(
        "lon",
        N_("Longitude"),
        N_("Longitude of the school in WGS 84; empty = place unknown."),
        "degrees",
        unit=N_("degrees"),
    ),
    _field(
        "lat",
        N_("Latitude"),
        N_("Latitude of the school in WGS 84; empty = place unknown."),
        "degrees",
        unit=N_("degrees"),
    ),
    _field(
        "kind",
        N_("Kind of school"),
        N_("Primary, basic, secondary, gymnasium, lyceum, boarding, special or unknown."),
        "choice",
        choices=words.SCHOOL_KINDS,
    ),
    _field(
        "ownership", N_("Ownership"), N_("State, municipal, private or unknown."), "choice", choices=words.OWNERSHIP
    ),
    _field(
        "pupils",
        N_("Pupils"),
        N_("Pupils of all shifts; empty = unknown."),
        "integer",
        unit=N_("people"),
        in_brief=True,
    ),
    _field(
        "seats",
        N_("Design seats"),
        N_("Places for pupils by the design of the buildings; empty = unknown."),
        "integer",
        unit=N_("seats"),
    ),
    _field("shifts", N_("Shifts"), N_("Number of shifts, 1 to 3; empty = unknown."), "integer"),
    _field(
        "peak_pupils",
        N_("Pupils at the same time"),
        N_("Most pupils inside at the same time, by shift; empty = unknown."),
        "integer",
        unit=N_("people"),
    ),
)

_SCORE = (
    _field(
        "grade",
        N_("Grade"),
        N_("A (conforms) to E (critical requirement broken); unknown where too little was assessed."),
        "choice",
        choices=words.GRADES,
        in_brief=True,
    ),
    _field(
        "conformity_class",
        N_("Class of conformity"),
        N_("Class of the worst building in use against the Standard."),
        "choice",
        choices=words.CLASSES,
    ),
    _field(
        "index_lower",
        N_("Conformity index, lower bound"),
        N_("Index if everything unknown failed."),
        "decimal",
        unit=N_("points of 100"),
    ),
    _field(
        "index_central",
        N_("Conformity index"),
        N_("Share of the weighted requirements of the Standard that is met."),
        "decimal",
        unit=N_("points of 100"),
        in_brief=True,
    ),
    _field(
        "index_upper",
        N_("Conformity index, upper bound"),
        N_("Index if everything unknown was met."),
        "decimal",
        unit=N_("points of 100"),
    ),
    _field(
        "completeness",
        N_("Completeness"),
        N_("Share of the weight of the applicable requirements that was assessed."),
        "share",
        unit=N_("share 0 to 1"),
        in_brief=True,
    ),
    _field(
        "priority_lower",
        N_("Priority, lower bound"),
        N_("Priority if every unknown factor added nothing."),
        "decimal",
        unit=N_("points of 100"),
    ),
    _field(
        "priority_central",
        N_("Priority"),
        N_("Priority, 0 to 100: the sum of the points of eight factors."),
        "decimal",
        unit=N_("points of 100"),
        in_brief=True,
    ),
    _field(
        "priority_upper",
        N_("Priority, upper bound"),
        N_("Priority if every unknown factor added its most."),
        "decimal",
        unit=N_("points of 100"),
    ),
    _field(
        "confidence",
        N_("Confidence"),
        N_("How far the rank can be trusted: 4 (high) to 1 (low)."),
        "integer",
        unit=N_("level 1 to 4"),
        in_brief=True,
    ),
    _joined(
        "red_flags",
        N_("Critical requirements broken"),
        N_("Codes of the critical requirements of the Standard that are broken."),
        attrgetter("red_flags"),
    ),
    _joined(
        "unknown_factors",
        N_("Unknown factors"),
        N_(
            "Factors of the priority whose value is unknown; each stands at half of its most, or where the table of "
            "priors puts it."
        ),
        _unknown_factors,
    ),
    Column(
        "assessed_on",
        N_("Assessed on"),
        N_("Date of the newest assessment that counts; empty = never assessed."),
        "date",
        _assessed_on,
    ),
    _field(
        "synthetic",
        N_("Synthetic"),
        N_("True: an invented school of the demonstration, not a real one."),
        "boolean",
        field="is_synthetic",
    ),
)

COLUMNS: tuple[Column, ...] = (
    *_RANKS,
    *_SCHOOL,
    *_SCORE,
    *METHOD_COLUMNS,
    *(column for position, factor in enumerate(FACTORS) for column in _factor(position, factor)),
    *(_hazard(hazard) for hazard in COUNTED_HAZARDS),
)
KEYS: tuple[str, ...] = tuple(column.key for column in COLUMNS)

RUN_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("run", N_("Run"), N_("Hash of the ranking; the same hash is the same list for ever.")),
    ("data_date", N_("Data as of"), N_("Day whose data the ranking used.")),
)
"""The same in every row of a CSV file, which has no other place for them: key, label, description."""


def values_of(row: PriorityRow, places: Places) -> dict[str, Value]:
    """Return every column of one row by key."""
    return {column.key: column.get(row, places) for column in COLUMNS}
