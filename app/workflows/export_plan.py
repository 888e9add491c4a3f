"""Write a plan, whole or of an area, to a file: the rows of its page, the hashes, and what limits its use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.exports.exporter import Exporter, write_file
from app.exports.measure_words import bundle_text
from app.exports.plan_document import PlanDocument, plan_lines
from app.i18n.names import local_name
from app.workflows.export_list import AreaNotFoundError
from geodata.queries import list_file, plan_items, plans
from geodata.queries.areas import country, find_area
from geodata.queries.standard import edition_by_id

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.plan import PlanFacts

LEAST_HASH = 8


class PlanNotFoundError(Exception):
    """There is no such plan, or the reader may not see it."""


def find_plan(session: Session, plan_hash: str) -> PlanFacts:
    """Return the plan whose hash begins so, from eight characters on; raises PlanNotFoundError."""
    found = plans.find_plan(session, plan_hash.lower()) if len(plan_hash) >= LEAST_HASH else None
    if found is None:
        raise PlanNotFoundError(plan_hash)
    return found


def describe_plan(
    session: Session, plan: PlanFacts, area_code: str | None, language: str, *, address: str | None = None
) -> PlanDocument:
    """Return what an exporter needs; the rows are read when it asks for them, in this session.

    Raises:
        PlanNotFoundError: The ranking of the plan is not for this reader.
        AreaNotFoundError: No area has this code.
    """
    run = plan_items.run_of_plan(session, plan.id)
    if run is None:
        raise PlanNotFoundError(plan.hash)
    area = find_area(session, area_code) if area_code else country(session)
    if area is None and area_code:
        raise AreaNotFoundError(area_code)
    wanted = area.code if area is not None and area_code and area.level else None
    sums = plan_items.item_sums(session, plan.id, wanted)
    stamps: list[str] = []
    constants = (plan.hash, plan.run_hash, run.data_date.isoformat())

    def lines(guarded: bool, with_run: bool) -> Iterator[bytes]:
        rows = plan_items.item_rows(session, plan.id, wanted)
        names = list_file.place_names(session, language)
        names |= {bundle: bundle_text(bundle, language) for bundle in {row.bundle for row in rows}}
        told = (*constants, "; ".join(stamps)) if with_run else ()
        return plan_lines(rows, names, guarded=guarded, constants=told)

    document = PlanDocument(
        **_origin(session, run, language),
        made_on=datetime.now(UTC).date(),
        area_code=area_code,
        area_name=local_name(area, language) if area is not None else "",
        filter_words=(),
        count=sums.schools,
        address=address,
        lines=lines,
        shapes=list,
        cost_som=sums.cost_som,
        plan_hash=plan.hash,
        budget_som=plan.budget_som,
        plan_cost_som=plan.cost_som,
        gap=plan.gap,
        proposal_share=plan.proposal_share,
        is_draft=plan.is_draft,
        is_proven=plan.is_proven,
    )
    stamps += document.stamps
    return document


def _origin(session: Session, run: Run, language: str) -> dict[str, Any]:
    edition = edition_by_id(session, run.edition_id)
    return {
        "run_hash": run.hash,
        "data_date": run.data_date,
        "scheme": run.scheme,
        "edition": f"{local_name(edition, language, 'title')} ({edition.code})" if edition else "",
        "code_version": run.code_version,
        "is_synthetic": run.is_synthetic,
        "language": language,
        "sources": tuple(list_file.list_sources(session)),
    }


def plan_file_name(document: PlanDocument, key: str) -> str:
    """Return ``mektep-plan-<area>-<plan>[-synthetic].<key>``: letters that every system takes."""
    parts = ["mektep", "plan", document.area_code or "kg", document.plan_hash[:12], document.data_date.isoformat()]
    if document.is_synthetic:
        parts.append("synthetic")
    return "-".join(parts) + f".{key}"


def write_plan(
    session: Session,
    plan: PlanFacts,
    area_code: str | None,
    exporter: Exporter,
    language: str,
    path: Path,
    *,
    address: str | None = None,
) -> PlanDocument:
    """Write the plan to ``path`` and return what was written.

    Raises:
        PlanNotFoundError, AreaNotFoundError, ListTooLongError: Nothing is written.
    """
    document = describe_plan(session, plan, area_code, language, address=address)
    write_file(exporter, document, path)
    return document
