"""What the page of one run shows: what went in, in figures and versions, and how to cite it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from flask import request, url_for

from app.i18n.catalogue import translator
from app.i18n.formats import format_date
from app.i18n.languages import LANGUAGES
from app.i18n.marks import N_
from app.web.method.scheme import factors
from app.web.official.presenters import standing_of
from app.web.priorities.firmness import run_firmness
from app.web.priorities.list_page import page_of
from app.web.priorities.rivals import rival_lines
from app.web.priorities.run_inputs import hazards_without_layer, named_inputs, read_canonical, run_layers
from app.web.remembered import remembered
from geodata.queries import areas, hazards, runs, standard

if TYPE_CHECKING:
    from app.workflows.make_official import Approval
    from geodata.database import Session
    from geodata.models import Run, StandardEdition

T = TypeVar("T")

CITATION = N_(
    "Safe School. Ranking of schools by priority, run %(hash)s, data as of %(date)s, edition %(edition)s, "
    "program %(version)s. %(address)s"
)
CITATION_SAMPLE = N_("Sample data, not real schools.")


@dataclass(frozen=True)
class Citation:
    """How to cite the run in one language."""

    language: str
    language_name: str
    text: str


def citations(run: Run, edition_code: str) -> list[Citation]:
    """Return the citation in every language that is offered; the address is the short one."""
    address = request.host_url.rstrip("/") + url_for("priorities.short", run_hash=run.hash[:16])
    found = []
    for language in LANGUAGES:
        translate = translator(language.code)
        text = translate(
            CITATION,
            hash=run.hash[:16],
            date=format_date(run.data_date, language.code),
            edition=edition_code,
            version=run.code_version[:12],
            address=address,
        )
        if run.is_synthetic:
            text += " " + translate(CITATION_SAMPLE)
        found.append(Citation(language.code, language.name, text))
    return found


def run_page(
    session: Session, run: Run, approval: Approval | None = None, wrong: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the page of ``run``; ``approval`` and ``wrong``: a decision that was sent and could not be taken."""
    edition = remembered(("edition", run.edition_id), lambda: _edition(session, run))
    country = remembered("country", lambda: _apart(session, areas.country(session)))
    canonical = read_canonical(run.canonical)
    return {
        "run": run,
        "edition": edition,
        "factors": factors(run),
        "firmness": run_firmness(session, run),
        "rivals": rival_lines(session, run),
        "layers": run_layers(canonical, hazards.current_layers(session)),
        "hazards_without_layer": hazards_without_layer(canonical),
        "country": areas.area_row(session, run.id, country.id) if country else None,
        "citations": citations(run, edition.code if edition else ""),
        "inputs": named_inputs(canonical),
        "list": url_for("priorities.index", run=run.hash[:16]),
        "standing": standing_of(session, run, approval, wrong),
    }


def _edition(session: Session, run: Run) -> StandardEdition | None:
    return _apart(session, standard.edition_by_id(session, run.edition_id))


def _apart(session: Session, found: T) -> T:
    if found is not None:
        session.expunge(found)  # other requests will read it
    return found


def runs_page(session: Session, limit: int, offset: int) -> dict[str, Any]:
    """Return one page of the list of runs."""

    def address(offset: int | None) -> str:
        return url_for("priorities.runs", offset=offset or None)

    return {
        "runs": runs.list_runs(session, limit, offset),
        "pages": page_of(address, runs.count_runs(session), limit, offset),
    }
