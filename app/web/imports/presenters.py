"""Batches as the wizard shows them: every text in the reader's language, every number with its word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext

from app.i18n.catalogue import translator
from app.web.errors import problem_of
from app.web.imports.words import FIELD_WORDS, KIND_WORDS, OBSTACLE_WORDS, SEVERITY_WORDS, STATUS_WORDS, VALUE_WORDS
from app.web.language import current_language
from app.workflows.import_job import running_import
from app.workflows.import_options import InvalidFieldError
from geodata.queries import imports
from geodata.queries.ways_jobs import ways_since
from geodata.validation.columns import FIELDS, find_field
from geodata.validation.problems import describe
from layers.registry import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.database import Session
    from geodata.records.imports import ImportSummary, RowChange, UndoObstacle

OUTLINES = ("boundary", "footprint")


@dataclass(frozen=True)
class Tab:
    """One part of the report: its name, how many rows it has, where it is, and whether it is shown."""

    key: str
    label: str
    count: int
    address: str
    is_here: bool


Page = dict[str, Any]


@dataclass(frozen=True)
class Pager:
    """Which rows are shown and where the others are."""

    first: int
    last: int
    total: int
    previous: str | None
    next: str | None
    start: str | None


def page_links(endpoint: str, arguments: dict[str, Any], limit: int, offset: int, total: int) -> Pager:
    """Return the pager of a list that shows ``limit`` rows from ``offset``."""
    before, after = max(0, offset - limit), offset + limit
    return Pager(
        min(offset + 1, total),
        min(after, total),
        total,
        url_for(endpoint, **arguments, limit=limit, offset=before) if offset else None,
        url_for(endpoint, **arguments, limit=limit, offset=after) if after < total else None,
        url_for(endpoint, **arguments, limit=limit) if before else None,
    )


def index_page(
    session: Session, limit: int, offset: int, form: Mapping[str, str], error: Exception | None = None
) -> Page:
    """Return the front page of the wizard: the form as it was sent, what is wrong with it, and the batches."""
    language = current_language()
    layers = [(code, translator(language)(layer.title)) for code, layer in load_catalogue().items()]
    total = imports.count_batches(session)
    found = imports.list_batches(session, limit, offset)
    return {
        "kinds": [(kind, gettext(word)) for kind, word in KIND_WORDS.items()],
        "layers": sorted(layers, key=lambda one: one[1]),
        "form": form,
        "wrong_field": error.field if isinstance(error, InvalidFieldError) else "file" if error else None,
        "wrong": gettext(problem_of(error).title) if error else None,
        "batches": [_listed(summary) for summary in found],
        "pager": page_links("imports.index", {}, limit, offset, total),
    }


def _listed(summary: ImportSummary) -> dict[str, Any]:
    return {
        "summary": summary,
        "kind": _kind_word(summary),
        "status": gettext(STATUS_WORDS[summary.status]),
        "address": url_for("imports.batch", batch_id=summary.id),
    }


def _kind_word(summary: ImportSummary) -> str:
    word = gettext(KIND_WORDS[summary.kind])
    layer = load_catalogue().get(summary.hazard_code or "")
    return f"{word}: {gettext(layer.title)}" if layer else word


def mapping_page(summary: ImportSummary) -> Page:
    """Return every column with samples and the field it is taken for."""
    preview = summary.options["preview"]
    taken = {column: name for name, column in (summary.mapping or preview["guess"]).items()}
    fields = sorted(((one.name, gettext(one.label)) for one in FIELDS[summary.kind]), key=lambda one: one[1])  # type: ignore[index]
    columns = [
        {
            "number": number,
            "name": column["name"],
            "samples": column["samples"],
            "field": taken.get(column["name"], ""),
            "is_unsure": 0 < preview["confidence"].get(taken.get(column["name"]), 1) < 0.75,
        }
        for number, column in enumerate(preview["columns"])
    ]
    return {
        "summary": summary,
        "kind": _kind_word(summary),
        "columns": columns,
        "fields": fields,
        "preview": preview,
        "missing": [
            gettext(one.label)
            for one in FIELDS[summary.kind]  # type: ignore[index]
            if one.is_required and one.name not in taken.values()
        ],
    }


def chosen_columns(summary: ImportSummary, form: Mapping[str, str]) -> list[list[str]]:
    """Return [column, field] of every column of the form; an empty field leaves the column out."""
    known = {one.name for one in FIELDS[summary.kind]}  # type: ignore[index]
    columns = summary.options["preview"]["columns"]
    chosen = [(column["name"], form.get(f"column-{number}", "")) for number, column in enumerate(columns)]
    emptied = [[name, ""] for name, one in chosen if one not in known]
    return emptied + [[name, one] for name, one in chosen if one in known]


def batch_page(
    session: Session,
    summary: ImportSummary,
    show: str | None,
    limit: int,
    offset: int,
    obstacles: list[UndoObstacle] | None = None,
) -> Page:
    """Return the report of a batch with one page of the chosen part."""
    told = imports.count_problems(session, summary.id)
    closed = imports.count_closed(session, summary.id)
    counts = {
        "problems": sum(told.values()),
        "changed": summary.changed - closed,
        "closed": closed,
        "added": summary.added,
        "unchanged": summary.unchanged,
    }
    here = show if show in counts else next((key for key, count in counts.items() if count), "problems")
    translate = translator(current_language())
    problems, changes = [], []
    if here == "problems":
        for one in imports.problems(session, summary.id, limit, offset):
            what, remedy = describe(one, translate)
            problems.append(
                {"problem": one, "what": what, "remedy": remedy, "word": gettext(SEVERITY_WORDS[one.severity])}
            )
    else:
        found = imports.changes(session, summary.id, here, limit, offset)
        changes = [_change(summary.kind, one) for one in found]
    arguments = {"batch_id": summary.id, "show": here}
    return {
        "summary": summary,
        "kind": _kind_word(summary),
        "status": gettext(STATUS_WORDS[summary.status]),
        "told": told,
        "here": here,
        "tabs": _tabs(summary, counts, here),
        "problems": problems,
        "changes": changes,
        "pager": page_links("imports.batch", arguments, limit, offset, counts[here]),
        "good": summary.added + summary.changed + summary.unchanged,
        "job": running_import(session, summary.id) if summary.status in ("checking", "checked") else None,
        "ways": ways_since(session, summary.id) if summary.status in ("committed", "undone") else None,
        "can_map": "preview" in summary.options and summary.status in ("mapping", "checked", "refused"),
        "obstacles": [
            gettext(OBSTACLE_WORDS[one.kind], reference=one.reference or "?", count=one.count)
            for one in obstacles or ()
        ],
    }


def _tabs(summary: ImportSummary, counts: dict[str, int], here: str) -> list[Tab]:
    words = {
        "problems": gettext("Problems"),
        "changed": gettext("Changed"),
        "closed": gettext("Ended"),
        "added": gettext("Added"),
        "unchanged": gettext("Unchanged"),
    }
    return [
        Tab(key, words[key], counts[key], url_for("imports.batch", batch_id=summary.id, show=key), key == here)
        for key in words
        if counts[key] or key in ("problems", here)
    ]


def _change(kind: str, change: RowChange) -> dict[str, Any]:
    names = [name for name in (*change.new, *(n for n in change.old if n not in change.new)) if name[:1] != "_"]
    return {
        "row": change.row_number if change.row_number > 0 else None,
        "key": change.key.replace("|", " · "),
        "fields": [
            {
                "label": _field_word(kind, name),
                "old": _shown(kind, name, change.old.get(name)),
                "new": _shown(kind, name, change.new.get(name)),
            }
            for name in names
            if name != "provenance"
        ],
    }


def _field_word(kind: str, name: str) -> str:
    if name in FIELD_WORDS:
        return gettext(FIELD_WORDS[name])
    known = find_field(kind, name)  # type: ignore[arg-type]
    return gettext(known.label) if known else name


def _shown(kind: str, name: str, value: Any) -> str:
    """Return a stored value as people write it: words for codes, latitude before longitude."""
    words = VALUE_WORDS.get((kind, name), {})
    if value is None or value in ([], {}, ""):
        return gettext("Unknown")
    if name in OUTLINES:
        return gettext("an outline")
    if name == "successors":
        return ", ".join(f"{one['code']} ({one['share']:.0%})" for one in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name == "location" and isinstance(value, list):
        value = value[::-1]
    if isinstance(value, list):
        return ", ".join(gettext(words[one]) if one in words else str(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return gettext(words[value]) if value in words else str(value)
