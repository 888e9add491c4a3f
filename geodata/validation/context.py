"""What a validator knows besides the table, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geodata.records.area import BoundaryQuality
    from geodata.records.finding import AssessmentKind
    from geodata.records.table import RowProblem

Kind = Literal["schools", "buildings", "answers", "areas", "hazard", "roads", "services", "standard"]
KINDS: tuple[Kind, ...] = ("schools", "buildings", "answers", "areas", "hazard", "roads", "services", "standard")


@dataclass(frozen=True, slots=True)
class KnownArea:
    """One administrative unit that the database holds; names may be None, ``former_names`` empty."""

    code: str
    level: int
    parent_code: str | None = None
    kind: str | None = None
    name_ky: str | None = None
    name_ru: str | None = None
    name_en: str | None = None
    former_names: tuple[str, ...] = ()
    pcode: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class KnownCriterion:
    """One criterion of the edition in use, as ``domain/standard.csv`` describes it."""

    code: str
    scope: str = "school"
    value_type: str = "bool"
    operator: str | None = None
    threshold_min: float | None = None
    threshold_max: float | None = None
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class KnownEdition:
    """An edition that is stored: whether it is in use, and of each criterion the fields of a record by name."""

    is_used: bool = False
    criteria: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HazardPlan:
    """Which columns of a hazard file count, from the layer's manifest; None is guessed.

    ``level_map`` gives the level (1..4) of a value of ``level_column`` (as text); a value that is not in
    it has level None. ``keep_values`` keeps only features whose ``keep_column`` has one of these values.
    ``lat_column`` and ``lon_column`` name the coordinates of a table.
    """

    value_column: str | None = None
    level_column: str | None = None
    level_map: Mapping[str, int | None] = field(default_factory=dict)
    keep_column: str | None = None
    keep_values: tuple[str, ...] = ()
    name_column: str | None = None
    lat_column: str | None = None
    lon_column: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a validator may look at; nothing here is changed.

    Attributes:
        today: The date of the database clock: what lies after it is the future.
        areas: Known units of all periods.
        school_codes: Known school codes (any container with ``in``; a set or dict).
        school_aliases: ``{register: {code there: school code}}`` of other registers, for files that name
            schools by them.
        building_schools: Known building codes with the code of their school.
        criteria: Criteria of the edition in use by code.
        editions: Stored editions of the standard by code, for a file that holds one.
        building_types: Codes of ``building_types.csv``; empty: any code of that shape passes.
        areas_at: Given longitudes and latitudes (degrees, shape (n,)), the code of the deepest known area
            that holds each point, or None; without it points are not compared with areas.
        country: Outline of the country, EPSG:4326; without it a coarse outline of our own is used.
        valid_from: Date from which units in an areas file are valid, when the file does not say.
        boundary_quality: Quality of boundaries in an areas file, when the file does not say.
        assessed_on: Date of answers when the file does not say.
        assessment_kind: Kind of the assessment when the file does not say.
        hazard: What the layer's manifest says about columns.
        source: Stated source of the file.
        is_synthetic: Whether the records are marked as made up.
        takes_protected: Whether who sends the file may enter answers of the protection group.
    """

    today: date
    areas: Sequence[KnownArea] = ()
    school_codes: Mapping[str, Any] | frozenset[str] | set[str] = frozenset()
    school_aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    building_schools: Mapping[str, str] = field(default_factory=dict)
    criteria: Mapping[str, KnownCriterion] = field(default_factory=dict)
    editions: Mapping[str, KnownEdition] = field(default_factory=dict)
    building_types: tuple[str, ...] = ()
    areas_at: Callable[[NDArray, NDArray], Sequence[str | None]] | None = None
    country: BaseGeometry | None = None
    valid_from: date | None = None
    boundary_quality: BoundaryQuality = "derived"
    assessed_on: date | None = None
    assessment_kind: AssessmentKind = "self"
    hazard: HazardPlan = field(default_factory=HazardPlan)
    source: str | None = None
    is_synthetic: bool = False
    takes_protected: bool = False


@dataclass(slots=True)
class Checked:
    """The outcome: every row of the table is in exactly one of ``records``, ``refused`` and ``left_out``.

    ``records`` are (row number, record) in file order; a row of a wide answers file gives several.
    ``problems`` are the reader's and the validator's, the file's first, then by row. A problem of severity
    error and row None refuses the whole file: then ``records`` is empty. ``refused`` are the numbers of
    rows with an error; ``left_out`` of rows that a rule of the layer leaves out on purpose, told in a note.
    ``is_restricted`` tells that answers of the protection group are among the records or the problems.
    """

    records: list[tuple[int, Any]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    is_restricted: bool = False

    @property
    def file_is_refused(self) -> bool:
        """Tell whether a problem concerns the whole file and refuses it."""
        return any(problem.row is None and problem.severity == "error" for problem in self.problems)
