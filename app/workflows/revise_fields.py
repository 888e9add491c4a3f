"""Which fields of a school and of a building people may edit, how they are written as text, and who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from app.i18n.phones import phone_text

if TYPE_CHECKING:
    from app.permissions import Action
    from geodata.records.revision import Facts, RevisionKind

Control = Literal["text", "whole", "decimal", "share", "date", "choice", "many", "flag", "place", "phones", "numbers"]


@dataclass(frozen=True, slots=True)
class EditField:
    """One field: ``unknown`` is the value that says so; ``reads`` is the field of the importer that judges the text.

    ``right`` is what one must hold at the school besides ``edit``. What is not ``is_public`` is shown on no page of
    visitors, of no day.
    """

    name: str
    control: Control
    unknown: Any = None
    reads: str = ""
    right: Action = "edit"
    is_public: bool = True

    @property
    def validator(self) -> str:
        """Name of the field in ``geodata.validation``."""
        return self.reads or self.name


SCHOOL_FIELDS = (
    EditField("name_ky", "text"),
    EditField("name_ru", "text"),
    EditField("name_en", "text"),
    EditField("pupils", "whole"),
    EditField("seats", "whole"),
    EditField("shifts", "whole"),
    EditField("shift_pupils", "numbers", ()),
    EditField("shift_hours", "numbers", ()),
    EditField("staff", "whole"),
    EditField("boarding_pupils", "whole"),
    EditField("languages", "many", ()),
    EditField("location", "place", reads="coordinates"),
    EditField("location_quality", "choice", "unknown"),
    EditField("kind", "choice", "unknown", right="verify"),
    EditField("ownership", "choice", "unknown", right="verify"),
    EditField("opened_on", "date", right="verify"),
    EditField("closed_on", "date", right="verify"),
    EditField("phones", "phones", (), is_public=False),
)

BUILDING_FIELDS = (
    EditField("name", "text"),
    EditField("use", "choice", "unknown"),
    EditField("building_type", "choice", "KG-UNK"),
    EditField("year_built", "whole"),
    EditField("storeys", "whole"),
    EditField("area_m2", "decimal"),
    EditField("condition", "choice", "unknown"),
    EditField("heating", "choice", "unknown"),
    EditField("pupil_share", "share"),
    EditField("design_series", "text"),
    EditField("soil_class", "choice"),
    EditField("replacement_som", "whole"),
    EditField("vertical_irregularity", "flag"),
    EditField("plan_irregularity", "flag"),
    EditField("flexible_diaphragm", "flag"),
    EditField("pounding", "flag"),
)

FIELDS: dict[RevisionKind, tuple[EditField, ...]] = {"school": SCHOOL_FIELDS, "building": BUILDING_FIELDS}
FLAG_WORDS = {True: "yes", False: "no"}


def find_edit_field(kind: RevisionKind, name: str) -> EditField | None:
    """Return the field of that name, or None: it is not to be edited by hand."""
    return next((field for field in FIELDS[kind] if field.name == name), None)


def not_public(kind: RevisionKind) -> frozenset[str]:
    """Return the names of the fields that visitors, and the open audit, never see."""
    return frozenset(field.name for field in FIELDS[kind] if not field.is_public)


def editable(kind: RevisionKind, rights: frozenset[str]) -> tuple[EditField, ...]:
    """Return the fields that somebody with ``rights`` at the school may edit."""
    return tuple(field for field in FIELDS[kind] if {"edit", field.right} <= rights)


def is_unknown(field: EditField, value: Any) -> bool:
    """Return whether ``value`` says that nothing is known."""
    return value is None or value in ([], ()) or value == field.unknown


def text_of(field: EditField, value: Any) -> str:
    """Return a value as a person would type it; unknown is empty."""
    if is_unknown(field, value):
        return ""
    if field.control == "many":
        return ", ".join(value)
    if field.control == "phones":
        return ", ".join(map(phone_text, value))
    if field.control == "numbers":
        return " + ".join(map(_plain, value))
    if field.control == "flag":
        return FLAG_WORDS[bool(value)]
    if field.control == "place":
        return f"{value[1]:.7f}, {value[0]:.7f}"
    if field.control == "share":
        return _plain(100 * value)
    if field.control in ("whole", "decimal"):
        return _plain(value)
    return str(value)


def _plain(number: float) -> str:
    return format(round(number, 6), ".12g")


def texts_of(kind: RevisionKind, facts: Facts) -> dict[str, str]:
    """Return the facts as people would type them, all fields."""
    return {field.name: text_of(field, facts.get(field.name)) for field in FIELDS[kind]}
