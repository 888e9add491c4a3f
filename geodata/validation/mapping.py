"""Which column holds which field: learnt from headings and values, never from the file's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from geodata.records.table import RawRow, RowProblem
from geodata.validation.admin_columns import ADMIN_HEADING, guess_admin_columns
from geodata.validation.columns import FIELDS, Field, headings_of
from geodata.validation.context import Kind
from geodata.validation.texts import gap_of
from geodata.validation.value_kinds import share_passing

SAMPLE_ROWS = 400
SAMPLE_VALUES = 80
LEAST = 0.45
CLOSE = 0.04
DBF_WIDTH = 10
NOT_LETTERS = re.compile(r"[\W_]+")
COUNTING = re.compile(r"\b(?:общее )?(?:количество|число|численность|кол во|number of|no of|num of|total)\b")
UNIT = re.compile(r"\b(?:чел|адам|шт|дана|мест|м|м2|кв|сом|kgs|som|sqm|sq|град|wgs84|wgs 84|лет|жыл|год|саны)\b")
COORDINATE_WORDS = ("lat", "lon", "lng", "long")
OPPOSITE = {"lat": "lon", "lon": "lat"}
POINT_FIELDS = ("lat", "lon", "coordinates")
KEYS = ("code", *POINT_FIELDS)


@dataclass(slots=True)
class ColumnMapping:
    """``columns``: field to column. ``confidence``: 0..1 per field. ``problems``: what must be asked."""

    columns: dict[str, str] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)


def guess_mapping(
    columns: Sequence[str], rows: Sequence[RawRow], kind: Kind, has_geometry: bool = False
) -> ColumnMapping:
    """Return the mapping that headings and values speak for.

    Args:
        columns: Headings in file order.
        rows: All rows or the first ones; a sample over them is looked at.
        kind: What the table holds.
        has_geometry: The rows carry geometries, so columns of coordinates are not looked for.
    """
    samples = sample_columns(columns, rows)
    fields = [one for one in FIELDS[kind] if not (has_geometry and one.name in POINT_FIELDS)]
    taken = guess_admin_columns(columns, samples) if kind == "areas" else {}
    mapping = ColumnMapping(dict(taken), dict.fromkeys(taken, 1.0))
    scores = {
        (one.name, column): score(kind, one, column, samples[column])
        for one in fields
        if one.name not in taken
        for column in columns
        if column not in taken.values() and not (taken and ADMIN_HEADING.match(column))
    }
    if kind == "schools":
        _drop_addressing(scores)
    _assign(scores, fields, mapping)
    _swap_misnamed_coordinates(mapping, samples)
    _fall_back_to_key(kind, columns, samples, mapping)
    return mapping


def apply_overrides(
    mapping: ColumnMapping, overrides: Iterable[tuple[str, str]], columns: Sequence[str], kind: Kind
) -> ColumnMapping:
    """Return the mapping with ``(column, field)`` pairs from the user set; either order is understood.

    An empty field takes the column out. What nobody knows is a problem of the file.
    """
    result = ColumnMapping(dict(mapping.columns), dict(mapping.confidence), list(mapping.problems))
    keys = {heading_words(column): column for column in columns}
    names = {one.name for one in FIELDS[kind]}
    for left, right in overrides:
        left, right = left.strip(), right.strip()
        column, name = keys.get(heading_words(left)), right
        if left in names and heading_words(right) in keys and (column is None or name not in names):
            column, name = keys.get(heading_words(right)), left
        if column is None:
            result.problems.append(_problem("mapping_column_unknown", "error", column=left[:80]))
            continue
        if name and name not in names:
            result.problems.append(
                _problem("mapping_field_unknown", "error", field=name[:80], fields=", ".join(sorted(names)))
            )
            continue
        for other, used in list(result.columns.items()):
            if used == column:
                del result.columns[other]
                result.confidence.pop(other, None)
        if name:
            result.columns[name], result.confidence[name] = column, 1.0
            result.problems = [problem for problem in result.problems if problem.params.get("field") != name]
    return result


def sample_columns(columns: Sequence[str], rows: Sequence[RawRow]) -> dict[str, list[str]]:
    """Return values of each column from rows spread over the table; gaps and placeholders are left out."""
    step = max(1, len(rows) // SAMPLE_ROWS)
    chosen = rows[::step][: SAMPLE_ROWS + 1]
    found: dict[str, list[str]] = {}
    for index, column in enumerate(columns):
        values = [row.cells[index] for row in chosen]
        found[column] = [value.strip() for value in values if value and gap_of(value) is None][:SAMPLE_VALUES]
    return found


@lru_cache(maxsize=20_000)
def heading_words(heading: str) -> str:
    """Return a heading as lower-case words parted by single spaces: ``ADM2_EN`` is "adm2 en"."""
    text = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я][a-zа-я])", " ", unicodedata.normalize("NFKC", heading))
    return NOT_LETTERS.sub(" ", text.casefold().replace("ё", "е")).strip()


@lru_cache(maxsize=20_000)
def bare_heading(words: str) -> str:
    """Return heading words without those that only say "how many" or in which unit: "кол во мест, шт" is "мест"."""
    return " ".join(UNIT.sub(" ", COUNTING.sub(" ", words)).split())


@lru_cache(maxsize=200_000)
def heading_score(heading: str, synonym: str) -> float:
    """Return 0..1 for how surely a heading says what a synonym says."""
    said, known = heading_words(heading), heading_words(synonym)
    if said == known or said.replace(" ", "") == known.replace(" ", ""):
        return 1.0
    if (bare := bare_heading(said)) and bare == bare_heading(known):
        return 0.97
    compact = known.replace(" ", "_")
    if len(heading) == DBF_WIDTH and len(compact) > DBF_WIDTH and compact.startswith(said.replace(" ", "_")):
        return 0.95
    if _is_telling(known, said) and f" {known} " in f" {said} ":
        return 0.62 + 0.3 * len(known) / len(said)
    if len(known) >= 8 and len(said) >= 7:
        ratio = SequenceMatcher(None, said, known, autojunk=False).ratio()
        return 0.8 * ratio if ratio >= 0.9 else 0.0
    return 0.0


def _is_telling(known: str, said: str) -> bool:
    """Tell whether a word within a heading says what the column holds: "school" at the end of ten words does not."""
    return known in COORDINATE_WORDS or (len(known) >= 6 and len(known) >= len(said) / 5)


def score(kind: Kind, one: Field, column: str, sample: list[str]) -> float:
    """Return how surely a column holds a field: its heading, held against its values."""
    named = max(heading_score(column, synonym) for synonym in headings_of(kind, one.name))
    passing = share_passing(one.test, sample)
    if one.test.startswith("text_") and named:
        passing = max(passing, 0.8 * share_passing("text", sample))
    if named >= 0.5:
        if passing < 0.15 and sample and _denies(one.test, sample):
            return 0.0
        return named * (0.45 + 0.55 * passing)
    if one.strong and len(sample) >= 3 and passing >= 0.9 and _speaks_alone(one, column, sample):
        return 0.5 * passing
    return 0.0


def _denies(test: str, sample: list[str]) -> bool:
    """Tell values that show the heading to be wrong from values of the field that are bad."""
    if test in OPPOSITE:
        return share_passing(OPPOSITE[test], sample) >= 0.5
    return test == "code" or test.startswith("text")


def _speaks_alone(one: Field, column: str, sample: list[str]) -> bool:
    """Values alone tell coordinates when they have decimals, and names when they are about schools or vary."""
    if one.test in ("lat", "lon"):
        return sum("." in value or "," in value or "°" in value for value in sample) > 0.8 * len(sample)
    if one.test.startswith("text_"):
        school_words = ("мектеп", "мектеб", "школ", "school", "гимназ", "лице", "интернат", "район", "облус", "област")
        return sum(any(word in value.casefold() for word in school_words) for value in sample) > 0.5 * len(sample)
    return True


def _assign(scores: dict[tuple[str, str], float], fields: list[Field], mapping: ColumnMapping) -> None:
    """Give each column to the field it fits best, best fits first; two equal claims are asked about."""
    used: set[str] = set()
    ranked = sorted((pair for pair in scores.items() if pair[1] >= LEAST), key=lambda pair: -pair[1])
    for (name, column), points in ranked:
        if name in mapping.columns or column in used:
            continue
        rivals = [
            other
            for (field_name, other), value in ranked
            if field_name == name and other != column and other not in used and points - value < CLOSE
            and not _fits_better_elsewhere(scores, name, other, value)
        ]  # fmt: skip
        if rivals:
            named = ", ".join([column, *rivals])
            is_key = any(
                one.name == name and (one.is_required or one.name in ("code", *POINT_FIELDS)) for one in fields
            )
            mapping.problems.append(
                _problem("mapping_ambiguous", "error" if is_key else "warning", field=name, columns=named)
            )
            used.update((column, *rivals))
            mapping.columns[name] = ""
            continue
        mapping.columns[name], mapping.confidence[name] = column, round(min(points, 1.0), 2)
        used.add(column)
    mapping.columns = {name: column for name, column in mapping.columns.items() if column}


def _fits_better_elsewhere(scores: dict[tuple[str, str], float], name: str, column: str, value: float) -> bool:
    return any(
        other_column == column and other != name and points >= value for (other, other_column), points in scores.items()
    )


def _swap_misnamed_coordinates(mapping: ColumnMapping, samples: dict[str, list[str]]) -> None:
    """Columns named latitude and longitude whose values are each the other's: values decide, and it is told."""
    unnamed = [name for name in ("lat", "lon") if name not in mapping.columns]
    if len(unnamed) == 2 or "coordinates" in mapping.columns:
        return
    free = [column for column in samples if column not in mapping.columns.values()]
    for name, other in (("lat", "lon"), ("lon", "lat")):
        column = mapping.columns.get(name)
        if column is None:
            candidates = [one for one in free if share_passing(name, samples[one]) >= 0.9 and len(samples[one]) >= 3]
            synonyms = [one for one in candidates if heading_score_of(one, other) >= 0.5]
            if len(synonyms) == 1:
                mapping.columns[name], mapping.confidence[name] = synonyms[0], 0.6
    lat, lon = mapping.columns.get("lat"), mapping.columns.get("lon")
    if lat and lon and heading_score_of(lat, "lon") >= 0.9 and heading_score_of(lon, "lat") >= 0.9:
        mapping.problems.append(_problem("coordinate_columns_swapped", "warning", lat=lat, lon=lon))


def heading_score_of(column: str, name: str) -> float:
    """Return how surely a heading names ``lat`` or ``lon``."""
    return max(heading_score(column, synonym) for synonym in headings_of("schools", name))


def _drop_addressing(scores: dict[tuple[str, str], float]) -> None:
    """OSM tags of other things (``addr:city``, ``capacity:persons`` beside ``capacity``) claim nothing."""
    for name, column in list(scores):
        if column.casefold().startswith(("addr:", "addr_", "source", "building")) and name not in (
            "year_built",
            "wall_material",
        ):
            scores[name, column] = 0.0


def _fall_back_to_key(
    kind: Kind, columns: Sequence[str], samples: dict[str, list[str]], mapping: ColumnMapping
) -> None:
    """A school list without a named code: the only column of short, unlike codes that is no running number."""
    if kind != "schools" or mapping.columns.keys() & {"code", "osm_id", "emis"}:
        return
    if any(problem.params.get("field") == "code" for problem in mapping.problems):
        return
    found = []
    for column in columns:
        values = samples[column]
        if column in mapping.columns.values() or len(values) < 3 or len(set(values)) < len(values):
            continue
        if share_passing("code", values) == 1.0 and not _is_counting(values) and not _is_measure(values):
            found.append(column)
    if len(found) == 1:
        mapping.columns["code"], mapping.confidence["code"] = found[0], 0.4


def _is_counting(values: list[str]) -> bool:
    """Tell row numbers: whole numbers that only grow and begin at 0 or 1."""
    if not all(value.isascii() and value.isdigit() and not value.startswith("0") for value in values):
        return False
    numbers = [int(value) for value in values]
    return numbers == sorted(numbers) and numbers[0] <= 1


def _is_measure(values: list[str]) -> bool:
    return all(re.fullmatch(r"-?\d+\.\d+", value) for value in values) or share_passing("date", values) > 0.8


def _problem(code: str, severity: str, **params: object) -> RowProblem:
    return RowProblem(None, None, None, code, severity, params)  # type: ignore[arg-type]
