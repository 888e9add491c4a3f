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
from app.prioritisation.scheme import Scheme, load_scheme
from app.risk.other_hazards import FIRE, LANDSLIDE, TRIGGERED
from app.risk.parameters import RiskParameters, default_parameters
from app.workflows import ranking_inputs, ranking_quality, ranking_results, ranking_scores
from app.workflows.canonical import canonical_hash, canonical_json
from geodata.database import Session
from geodata.queries import audit, run_results, scoring, tile_pyramid
from geodata.readers.parameter_tables import read_parameter_tables

ROOT = Path(__file__).resolve().parents[2]
RULES = (
    "app/assessment",
    "app/prioritisation",
    "app/risk",
    "app/workflows/rank_schools.py",
    "app/workflows/ranking_answers.py",
    "app/workflows/ranking_quality.py",
    "app/workflows/ranking_inputs.py",
    "app/workflows/ranking_scores.py",
    "app/workflows/ranking_results.py",
    "geodata/queries/run_quality.py",
    "geodata/queries/run_results.py",
    "geodata/queries/scoring.py",
)
"""Files and folders whose Python source decides a result; their hash is the code version of a run."""

EPOCH = date(1970, 1, 1)
Report = Callable[[float, str], None]


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
    scheme: str = "default",
    *,
    publish: bool = True,
    official: bool = False,
    account_id: int | None = None,
    report: Report | None = None,
) -> RunSummary:
    """Rank every open school and store the run; the same inputs give the same hash and no second run.

    Args:
        session: National scope; the caller commits. One ranking at a time.
        scheme: Name of a file in ``app/prioritisation/schemes``.
        publish: Let the public see it. ``official``: let it stand before newer runs that are not.

    Raises:
        NotRankableError: No school, or no edition in force.
        UnknownSchemeError, InvalidSchemeError: See ``app.prioritisation.scheme``.
    """
    say = report or (lambda _pct, _step: None)
    policy, parameters = load_scheme(scheme), default_parameters()
    scoring.lock_ranking(session)
    edition, day = _edition_and_day(session, parameters)
    say(2, N_("Reading schools and buildings"))
    schools, buildings = _schools_and_buildings(session, day, parameters)
    say(10, N_("Reading hazards"))
    hazards = ranking_inputs.load_hazards(session, schools, buildings, parameters)
    scoring_step = N_("Scoring conformity")
    say(15, scoring_step)
    assessed = ranking_scores.assess(
        session,
        edition,
        schools,
        buildings,
        parameters,
        (day - EPOCH).days,
        lambda done: say(15 + 40 * done, scoring_step),
    )
    content = _content(session, policy, edition, hazards, assessed, day)
    run_hash = canonical_hash(content)
    existing = run_results.find_run(session, run_hash)
    if existing is not None:
        _publish(session, existing.id, run_hash, publish, official)
        return RunSummary(run_hash, existing.id, existing.school_count, existing.ranked_count, is_new=False)
    say(60, N_("Computing risk and rank"))
    ranked = ranking_scores.rank(schools, buildings, hazards, assessed, policy, parameters)
    say(65, N_("Storing the list"))
    row = _run_row(content, policy, edition, day, schools, hazards) | {"account_id": account_id}
    run_id = run_results.add_run(session, row)
    ranking_results.store(session, run_id, schools, buildings, hazards, edition, assessed, ranked, parameters)
    ranking_quality.store(session, run_id, schools, edition, assessed, parameters)
    say(90, N_("Preparing the map"))
    tile_pyramid.build_pyramid(session, run_id)
    _publish(session, run_id, run_hash, publish, official)
    say(100, N_("Done"))
    return RunSummary(run_hash, run_id, len(schools), len(schools), is_new=True)


def _publish(session: Session, run_id: int, run_hash: str, publish: bool, official: bool) -> None:
    run_results.mark_run(session, run_id, published=publish, official=official)
    if publish or official:
        audit.record(session, "run:published", subject=run_hash, details={"official": official})


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
