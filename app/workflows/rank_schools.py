"""Make a ranked list: load, score, rank, and store every part under the hash of what it rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.i18n.marks import N_
from app.prioritisation.scheme import Scheme
from app.risk.other_hazards import FIRE, LANDSLIDE, TRIGGERED
from app.risk.parameters import RiskParameters, default_parameters
from app.workflows import (
    list_figures,
    named_schemes,
    prior_tables,
    ranking_inputs,
    ranking_methods,
    ranking_offers,
    ranking_prices,
    ranking_quality,
    ranking_results,
    ranking_scores,
    ranking_screening,
    ranking_weights,
    ranking_works,
    robustness,
)
from app.workflows.canonical import canonical_hash, canonical_json
from app.workflows.draw_plan import DrawPlan, Top, plan_draws, top_of
from app.workflows.ranking_costs import WorksCosts
from geodata.database import Session
from geodata.queries import audit, run_results, scoring, tile_pyramid
from geodata.queries.robustness import funded_by_plan
from geodata.readers.parameter_tables import read_parameter_tables

ROOT = Path(__file__).resolve().parents[2]
RULES = (
    "app/assessment", "app/prioritisation", "app/risk", "app/workflows/canonical.py", "app/workflows/draw_plan.py",
    "app/workflows/prior_tables.py", "app/workflows/ranking_periods.py", "geodata/queries/priors.py",
    "app/workflows/factor_draws.py", "app/workflows/rank_schools.py", "app/workflows/ranking_answers.py",
    "app/workflows/ranking_quality.py", "app/workflows/ranking_inputs.py", "app/workflows/ranking_methods.py",
    "app/workflows/ranking_offers.py", "app/workflows/ranking_survey.py", "app/funding/equity.py",
    "app/funding/information.py", "app/funding/portfolio.py", "app/funding/preview.py", "app/funding/hull.py",
    "app/workflows/evaluate_bundles.py", "app/workflows/cost_bundles.py", "app/workflows/ranking_works.py",
    "app/funding/bundles.py", "app/funding/catalogue.py", "app/funding/prices.py", "app/workflows/ranking_prices.py",
    "app/workflows/ranking_quick_wins.py", "app/workflows/ranking_scores.py", "app/workflows/ranking_sources.py",
    "app/workflows/ranking_results.py", "app/workflows/ranking_screening.py", "app/workflows/robustness.py",
    "geodata/readers/parameter_tables.py", "geodata/queries/works.py", "geodata/queries/surveys.py",
    "geodata/queries/survey_values.py", "geodata/queries/rivals.py", "geodata/queries/quick_wins.py",
    "geodata/queries/measure_prices.py", "geodata/queries/hazard_conflicts.py", "geodata/queries/exposures.py",
    "geodata/queries/bulk_arrays.py", "geodata/queries/robustness.py", "geodata/queries/run_quality.py",
    "geodata/queries/run_results.py", "geodata/queries/scoring.py", "app/funding/objective.py",
    "app/workflows/ranking_weights.py", "app/workflows/list_figures.py", "app/workflows/ranking_costs.py",
)  # fmt: skip
"""Files and folders whose Python source decides a result; their hash is the code version of a run."""

EPOCH = date(1970, 1, 1)
DRAWING = N_("Drawing how firm the ranks are")
Report = Callable[[float, str], None]
Loaded = tuple[ranking_inputs.Schools, ranking_inputs.Buildings, ranking_inputs.Hazards]


class NotRankableError(Exception):
    """There is no school, or no edition of the standard in force."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a ranking did. ``ranked`` schools have a rank (all of them); ``is_new`` is False when the run existed."""

    hash: str
    run_id: int
    schools: int
    ranked: int
    is_new: bool


def rank_schools(
    session: Session,
    scheme: str | None = None,
    *,
    draws: int | None = 0,
    publish: bool = True,
    account_id: int | None = None,
    report: Report | None = None,
) -> RunSummary:
    """Rank every open school and store the run; the same inputs give the same hash and no second run.

    Args:
        session: National scope; the caller commits. One ranking at a time.
        scheme: Name of a shipped scheme, code or title of one of the country; None: the official one.
        draws: How often the list is drawn for intervals of ranks; 0 = never, the intervals are bounds;
            None = the method's interactive number, where so many draws fit into memory.
        publish: Let the public see it. ``app.workflows.make_official`` makes a run the official list.

    Raises:
        NotRankableError: No school, or no edition in force.
        UnknownSchemeError, AmbiguousSchemeError, InvalidSchemeError: See ``app.workflows.named_schemes``.
        TooManyDrawsError: The drawn ranks would not fit into memory.
    """
    say = report or (lambda _pct, _step: None)
    policy, parameters = named_schemes.scheme_named(session, scheme), default_parameters()
    scoring.lock_ranking(session)
    edition, day, loaded, assessed = _load(session, parameters, say)
    schools, buildings, hazards = loaded
    top = top_of(len(schools), parameters, funded_by_plan(session))
    plan = plan_draws(draws, len(schools), parameters, top)
    prices = ranking_prices.load_prices(session, schools)
    costs = ranking_works.load_costs(session, schools, buildings, prices)
    content = _content(session, policy, edition, hazards, assessed, day) | _drawn(plan) | {"catalogue": prices.version}
    _name_figures(session, content, schools, buildings, costs, parameters, top)
    run_hash = canonical_hash(content)
    if (existing := run_results.find_run(session, run_hash)) is not None:
        _publish(session, existing.id, run_hash, publish)
        return RunSummary(run_hash, existing.id, existing.school_count, existing.ranked_count, is_new=False)
    say(60, N_("Computing risk and rank"))
    ground = _ground(session, loaded, edition, assessed, policy, parameters, costs)
    figures = list_figures.figures_of(ground, plan, top.schools, lambda done: say(62 + 18 * done, DRAWING))
    say(80, N_("Storing the list"))
    row = _run_row(content, policy, edition, day, schools, hazards) | {"account_id": account_id}
    run_id = run_results.add_run(session, row)
    _store(session, run_id, ground, figures)
    say(90, N_("Preparing the map"))
    tile_pyramid.build_pyramid(session, run_id)
    _publish(session, run_id, run_hash, publish)
    say(100, N_("Done"))
    return RunSummary(run_hash, run_id, len(schools), len(schools), is_new=True)


def _name_figures(
    session: Session,
    content: dict[str, Any],
    schools: ranking_inputs.Schools,
    buildings: ranking_inputs.Buildings,
    costs: WorksCosts,
    parameters: RiskParameters,
    top: Top,
) -> None:
    """Add to what the run rests on what the figures beside its scores rest on."""
    content |= ranking_works.version_of(session) | ranking_methods.told_of_benefit(len(schools))
    content |= ranking_weights.told_of_moves(parameters, top)
    content["inputs"]["costs"] = ranking_works.hash_costs(session, schools, buildings, costs)
    prior_tables.name_priors(content, buildings.priors)


def _ground(
    session: Session,
    loaded: Loaded,
    edition: ranking_scores.Edition,
    assessed: ranking_scores.Assessed,
    scheme: Scheme,
    parameters: RiskParameters,
    costs: WorksCosts,
) -> list_figures.Ground:
    """Rank, and return what the figures beside the scores are worked out from."""
    schools, buildings, _ = loaded
    ranked = ranking_scores.rank(*loaded, assessed, scheme, parameters)
    return list_figures.Ground(
        *loaded, edition, assessed, ranked, scheme, parameters, read_parameter_tables(),
        lambda: ranking_scores.load_blocks(session, edition, schools, buildings, parameters),
        costs, scoring.condemned_buildings(session),
    )  # fmt: skip


def _load(
    session: Session, parameters: RiskParameters, say: Report
) -> tuple[ranking_scores.Edition, date, Loaded, ranking_scores.Assessed]:
    """Return what a ranking rests on, scored: the edition, the day of the data, schools, buildings and hazards."""
    edition, day = _edition_and_day(session, parameters)
    say(2, N_("Reading schools and buildings"))
    schools, buildings = _schools_and_buildings(session, day, parameters)
    say(10, N_("Reading hazards"))
    hazards = ranking_inputs.load_hazards(session, schools, buildings, parameters)
    step = N_("Scoring conformity")
    say(15, step)
    on_day = (day - EPOCH).days
    assessed = ranking_scores.assess(
        session, edition, schools, buildings, parameters, on_day, lambda done: say(15 + 40 * done, step)
    )
    return edition, day, (schools, buildings, hazards), assessed


def _drawn(plan: DrawPlan | None) -> dict[str, Any]:
    if plan is None:
        return {}
    told = {"count": plan.draws, "seed": plan.seed, "top": plan.top}
    return {"draws": told if plan.plan is None else told | {"plan": plan.plan}}


def _store(session: Session, run_id: int, ground: list_figures.Ground, figures: list_figures.ListFigures) -> None:
    schools, buildings, hazards, edition = ground.schools, ground.buildings, ground.hazards, ground.edition
    assessed, ranked, parameters = ground.assessed, ground.ranked, ground.parameters
    told = ranking_results.told_columns(figures.methods, figures.moves)
    ranking_results.store(session, run_id, schools, buildings, hazards, edition, assessed, ranked, told, parameters)
    ranking_quality.store(session, run_id, schools, edition, assessed, parameters)
    ranking_screening.store(session, run_id, buildings, hazards, parameters)
    if figures.offers is not None:
        ranking_offers.store(session, run_id, schools, figures.offers, ground.costs.catalogue, parameters)
    if figures.firm is not None:
        robustness.store(session, run_id, schools, ground.scheme, figures.firm)


def _publish(session: Session, run_id: int, run_hash: str, publish: bool) -> None:
    run_results.mark_run(session, run_id, published=publish)
    if publish:
        audit.record(session, "run:published", subject=run_hash)


def _edition_and_day(session: Session, parameters: RiskParameters) -> tuple[ranking_scores.Edition, date]:
    edition = ranking_scores.load_edition(session, parameters)
    if edition is None:
        raise NotRankableError("no edition of the standard is in force")
    day = scoring.data_date(session, edition.id)
    if day is None:
        raise NotRankableError("no school")
    return edition, day


def _schools_and_buildings(
    session: Session, day: date, parameters: RiskParameters
) -> tuple[ranking_inputs.Schools, ranking_inputs.Buildings]:
    schools = ranking_inputs.load_schools(session, day, parameters)
    if not len(schools):
        raise NotRankableError("no school is open")
    return schools, ranking_inputs.load_buildings(session, schools, day, parameters)


def _run_row(
    content: dict[str, Any],
    scheme: Scheme,
    edition: ranking_scores.Edition,
    day: date,
    schools: ranking_inputs.Schools,
    hazards: ranking_inputs.Hazards,
) -> dict[str, Any]:
    return {
        "hash": canonical_hash(content),
        "canonical": canonical_json(content),
        "scheme": scheme.name,
        "edition_id": edition.id,
        "data_date": day,
        "code_version": code_version(),
        "school_count": len(schools),
        "ranked_count": len(schools),
        "is_synthetic": bool(schools.columns["is_synthetic"].any()) or hazards.is_synthetic,
    }


def _content(
    session: Session,
    scheme: Scheme,
    edition: ranking_scores.Edition,
    hazards: ranking_inputs.Hazards,
    assessed: ranking_scores.Assessed,
    day: date,
) -> dict[str, Any]:
    """Return what the run rests on: the text whose hash is its name (method 14)."""
    inputs = scoring.hash_inputs(session, edition.id, day)
    needs = {LANDSLIDE if name == TRIGGERED else name for name in scheme.hazards} - {FIRE}
    return {
        "schema": "koopsuz-run/1",
        "scheme": {
            "name": scheme.name,
            "sha256": scheme.sha256,
            "weights": dict(zip(scheme.factors, scheme.weights, strict=True)),
            "hazards": scheme.hazards,
        },
        "edition": {"code": edition.code, "sha256": edition.sha256},
        "data_date": day,
        "inputs": inputs | {"answers": assessed.answers_sha256},
        "layers": hazards.versions,
        "hazards_without_layer": sorted(needs - set(hazards.levels)),
        "parameters": read_parameter_tables().sha256,
        "code": code_version(),
    }


@cache
def code_version() -> str:
    """Return the SHA-256 over the names and the source of the rules."""
    digest = hashlib.sha256()
    for name in RULES:
        path = ROOT / name
        for found in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(found.relative_to(ROOT).as_posix().encode() + b"\0" + found.read_bytes() + b"\0")
    return digest.hexdigest()
