"""What people type into a form, judged by the rules of the importer: the same values pass, with the same words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from app.workflows.revise_fields import EditField, find_edit_field
from geodata.queries import contacts, import_context, imports, record_facts
from geodata.queries.import_facts import facts_of
from geodata.records.school import LocationQuality
from geodata.records.table import RawRow, RawTable, RowProblem
from geodata.reference.building_types import building_type_codes
from geodata.validation import Context, Kind, validate
from geodata.validation.choices import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.database import Session
    from geodata.records.revision import Facts, StoredRecord

CLOSED = ("choice", "many", "flag")
"""Controls that offer a list: what is not on it is refused without reading it as text."""
TABLES: dict[str, str] = {
    "kind": "school_kinds",
    "ownership": "ownerships",
    "languages": "languages",
    "use": "uses",
    "condition": "conditions",
    "heating": "heatings",
    "soil_class": "soil_classes",
}
FLAGS = {"yes": True, "no": False}
SCHOOL_KEY, BUILDING_KEY = "SCHOOL", "BUILDING"
ROW = 1
MOVED = ("location",)
PERCENT_READ = "share_percent"
"""The percent sign is ours, so that reading it needs no remark."""


@dataclass(slots=True)
class CheckedTexts:
    """``values`` of the fields that could be read; ``errors`` and ``remarks`` by field, the importer's problems.

    ``dated`` is the day of the information as ISO text; its problems are under ``dated``, the source's under
    ``source``.
    """

    values: Facts = field(default_factory=dict)
    errors: dict[str, list[RowProblem]] = field(default_factory=dict)
    remarks: dict[str, list[RowProblem]] = field(default_factory=dict)
    dated: str | None = None
    source: str | None = None

    def add(self, name: str, problem: RowProblem) -> None:
        """Keep a problem under a field."""
        kept = self.errors if problem.severity == "error" else self.remarks
        kept.setdefault(name, []).append(problem)


def allowed_values(name: str) -> tuple[str, ...]:
    """Return the values that a choice offers, in the order of the register."""
    if name == "location_quality":
        return get_args(LocationQuality)
    if name == "building_type":
        return building_type_codes()
    return tuple(WORDS[TABLES[name]])


def check_texts(
    session: Session, record: StoredRecord, texts: Mapping[str, str], *, dated: str = "", source: str = ""
) -> CheckedTexts:
    """Return the values of ``texts`` (field -> text, empty unknown) for ``record``, or what is wrong with them."""
    checked = CheckedTexts()
    plain: dict[str, str] = {}
    for name, text in texts.items():
        edited = find_edit_field(record.kind, name)
        if edited is None:
            continue
        if edited.control in CLOSED:
            _check_closed(checked, edited, text)
        else:
            plain[name] = f"{text} %" if edited.control == "share" and text.strip() else text
    _check_plain(session, record, plain, dated, source, checked)
    return checked


def _check_closed(checked: CheckedTexts, edited: EditField, text: str) -> None:
    if edited.control == "flag":
        offered: tuple[str, ...] = tuple(FLAGS)
        value: Any = FLAGS.get(text) if text else None
        given = [text] if text else []
    else:
        offered = allowed_values(edited.name)
        given = [part.strip() for part in text.split(",") if part.strip()] if edited.control == "many" else [text]
        given = [part for part in dict.fromkeys(given) if part]
        value = given if edited.control == "many" else (given[0] if given else edited.unknown)
    if any(part not in offered for part in given):
        checked.add(edited.name, RowProblem(ROW, edited.name, text, "choice_unknown", "error", _listed(offered)))
        return
    checked.values[edited.name] = value


def _listed(offered: tuple[str, ...]) -> dict[str, object]:
    return {"allowed": ", ".join(offered)}


def _check_plain(
    session: Session, record: StoredRecord, texts: dict[str, str], dated: str, source: str, checked: CheckedTexts
) -> None:
    kind: Kind = "schools" if record.kind == "school" else "buildings"
    cells: dict[str, str | None] = {"code": SCHOOL_KEY if kind == "schools" else BUILDING_KEY}
    if kind == "buildings":
        cells["school_code"] = SCHOOL_KEY
    fields = {name: find_edit_field(record.kind, name) for name in texts}
    names = {edited.validator: name for name, edited in fields.items() if edited is not None}
    cells |= {reader: texts[name].strip() or None for reader, name in names.items()}
    cells["dated"] = dated.strip() or None
    _add_compared(record, cells)
    table = _table(session, record, kind, cells)
    context = _context(session, record, names)
    found = validate(kind, table, {column: column for column in table.columns}, context)
    for problem in found.problems:
        if problem.row == ROW and problem.code != PERCENT_READ:
            checked.add(names.get(problem.column or "", problem.column or next(iter(texts), "dated")), problem)
    made = next((one for number, one in found.records if number == ROW), None)
    if made is not None:
        facts = facts_of(made, [*names, *(name for name in names.values())])
        checked.values |= {name: facts.get(name) for name in names.values()}
        origin = made.provenance.get("row") or {}
        checked.dated = str(origin["date"]) if origin.get("date") else None
    _check_source(checked, source)


def _add_compared(record: StoredRecord, cells: dict[str, str | None]) -> None:
    """Give the day or the number that is not edited, so that the two of a pair are compared."""
    for pair in (("opened_on", "closed_on"), ("pupils", "boarding_pupils")):
        if record.kind == "school" and set(pair) & cells.keys():
            for name in pair:
                stored = record.facts.get(name)
                cells.setdefault(name, None if stored is None else str(stored))


def _table(session: Session, record: StoredRecord, kind: Kind, cells: dict[str, str | None]) -> RawTable:
    """Return the form as a table of one row; the shares of the school's other buildings stand below it."""
    columns = tuple(cells)
    rows = [RawRow(ROW, tuple(cells.values()))]
    if kind == "buildings" and cells.get("pupil_share"):
        for number, share in enumerate(record_facts.other_shares(session, record.school_id, record.id), ROW + 1):
            other = {"code": f"{BUILDING_KEY}-{number}", "school_code": SCHOOL_KEY, "pupil_share": repr(share)}
            rows.append(RawRow(number, tuple(other.get(column) for column in columns)))
    return RawTable(columns, rows)


def _context(session: Session, record: StoredRecord, names: dict[str, str]) -> Context:
    moved = any(name in MOVED for name in names.values())
    return Context(
        today=imports.today(session),
        areas=import_context.known_areas(session) if moved else (),
        school_codes=frozenset({SCHOOL_KEY}),
        building_types=building_type_codes(),
        areas_at=import_context.area_finder(session) if moved else None,
        country=import_context.country_outline(session) if moved else None,
        is_synthetic="phones" in names and contacts.is_sample(session, record.school_id),
    )


def _check_source(checked: CheckedTexts, source: str) -> None:
    from geodata.validation.sheet import MAX_NAME
    from geodata.validation.texts import clean

    text, _ = clean(source)
    if len(text) > MAX_NAME:
        params: dict[str, object] = {"limit": MAX_NAME, "length": len(text)}
        checked.add("source", RowProblem(ROW, "source", text, "text_too_long", "error", params))
        return
    checked.source = text or None
