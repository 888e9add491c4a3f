"""The columns of a run's results, from the arrays of the rules to what ``geodata.queries.run_results`` stores."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.assessment.grades import CLASSES, GRADES
from app.prioritisation.methods import Methods
from app.prioritisation.weight_steps import MOVES, STANDINGS, WeightMoves
from app.risk.day_scenario import day_impact
from app.risk.parameters import RiskParameters
from app.workflows.ranking_inputs import Buildings, Hazards, Schools
from app.workflows.ranking_scores import NEVER_ASSESSED, Assessed, Edition, Ranked
from geodata.database import Session
from geodata.queries import run_results

Columns = dict[str, tuple[str, NDArray[Any]]]
NOTHING_KNOWN = {"index_lower": 0.0, "index_upper": 100.0, "completeness": 0.0}
"""Where no criterion applies: the whole range, and nothing of it assessed."""


def store(
    session: Session,
    run_id: int,
    schools: Schools,
    buildings: Buildings,
    hazards: Hazards,
    edition: Edition,
    assessed: Assessed,
    ranked: Ranked,
    told: Columns,
    parameters: RiskParameters,
) -> None:
    """Store all results of a run, in the session's transaction; ``told``: see ``told_columns``."""
    standard = edition.standard
    critical = np.flatnonzero(standard.is_critical)
    critical_codes = [standard.codes[column] for column in critical]
    run_results.store_schools(
        session,
        run_id,
        _school_columns(schools, assessed, ranked) | told,
        run_results.words_of_masks(assessed.schools.failed_flags[:, critical], critical_codes),
        _levels(hazards, len(schools)),
        {"grades": GRADES, "classes": CLASSES, "standings": STANDINGS, "moves": MOVES},
    )
    real = np.flatnonzero(buildings.columns["id"] > 0)
    failed = assessed.buildings.conformity.failed_flags[real][:, critical]
    run_results.store_buildings(
        session,
        run_id,
        _building_columns(buildings, hazards, assessed, ranked, real, parameters),
        run_results.words_of_masks(failed, critical_codes),
        CLASSES,
    )
    _store_domains(session, run_id, schools, edition, assessed)
    run_results.store_areas(
        session, run_id, completeness=parameters["conformity.completeness"], coverage=parameters["area.coverage"]
    )


def _school_columns(schools: Schools, assessed: Assessed, ranked: Ranked) -> Columns:
    scores, found = assessed.schools, ranked.priorities
    index = {
        "index_lower": scores.lower,
        "index_upper": scores.upper,
        "completeness": scores.completeness,
    }
    columns: Columns = {
        "school_id": ("int8", schools.columns["id"]),
        "grade": ("int2", scores.grade),
        "class": ("int2", scores.conformity_class),
        "priority_lower": ("float8", found.lower),
        "priority_central": ("float8", found.central),
        "priority_upper": ("float8", found.upper),
        "known": ("int2", found.known @ (1 << np.arange(found.known.shape[1]))),
        "national_rank": ("int4", ranked.national),
        "rank_low": ("int4", ranked.low),
        "rank_high": ("int4", ranked.high),
        "confidence": ("int2", ranked.confidence),
        "pupils": ("float8", schools.pupils),
        "seats": ("float8", schools.columns["seats"]),
        "shifts": ("float8", schools.columns["shifts"]),
        "peak_pupils": ("float8", schools.peak_pupils),
        "assessed_day": ("int4", np.maximum(assessed.day, NEVER_ASSESSED)),
    }
    for name, values in index.items():
        columns[name] = ("float8", np.where(np.isnan(values), NOTHING_KNOWN[name], values))
    # half of what nobody has looked at is no figure for a list: unknown, as on every page
    columns["index_central"] = ("float8", np.where(columns["completeness"][1] > 0, scores.central, np.nan))
    for level in ("oblast", "rayon", "aimak"):
        columns[f"{level}_id"] = ("int8", schools.columns[f"{level}_id"])
        columns[f"{level}_rank"] = ("int4", ranked.within[level])
    for prefix, matrix in (("raw", found.raw), ("value", found.value), ("points", found.contribution)):
        for number in range(matrix.shape[1]):
            columns[f"{prefix}_{number + 1}"] = ("float8", matrix[:, number])
    return columns


def told_columns(methods: Methods, moves: WeightMoves) -> Columns:
    """Return what the three methods and the moves of the weights say of each school."""
    ranks = ("safety_rank", "gap_rank", "benefit_rank")
    found: Columns = {
        name: ("int4" if name in ranks else "float8", values) for name, values in methods._asdict().items()
    }
    bits = np.array([1 << MOVES.index(move) for move in moves.moves])
    return found | {"standing": ("int2", moves.standing), "moves": ("int4", moves.changes @ bits)}


def _levels(hazards: Hazards, count: int) -> tuple[NDArray[np.int64], list[dict[str, int | None]]]:
    """Return the hazard levels of schools as a dictionary of the combinations that occur; null = unknown."""
    kinds = sorted(hazards.school_levels)
    if not kinds:
        return np.zeros(count, dtype=np.int64), [{}]
    table = np.stack([hazards.school_levels[kind] for kind in kinds], axis=1)
    combinations, keys = np.unique(table, axis=0, return_inverse=True)
    contents = [{kind: int(level) or None for kind, level in zip(kinds, row, strict=True)} for row in combinations]
    return keys.reshape(-1), contents


def _building_columns(
    buildings: Buildings,
    hazards: Hazards,
    assessed: Assessed,
    ranked: Ranked,
    rows: NDArray[np.int64],
    parameters: RiskParameters,
) -> Columns:
    scores = assessed.buildings.conformity
    motion_g = hazards.a475_g[rows]
    kinds, modifiers = (buildings.columns[name][rows].astype(np.int64) for name in ("type", "modifiers"))
    share = None if buildings.type_share is None else buildings.type_share[rows]
    day = day_impact(motion_g, kinds, modifiers, parameters, share)
    replacement = buildings.replacement[rows]
    replacement_bounds = replacement[:, [0, 1, 2, 0, 0]]
    risk = {
        "individual_risk": ranked.building_risk.individual_risk[rows],
        "equivalent_fatalities": ranked.building_risk.equivalent_fatalities[rows],
        "eal_som": ranked.building_risk.loss_ratio[rows] * replacement_bounds,
        "replacement_som": replacement_bounds,
    } | {f"day_{name}": values for name, values in day._asdict().items()}
    columns: Columns = {
        "building_id": ("int8", buildings.columns["id"][rows]),
        "school_id": ("int8", buildings.columns["school_id"][rows]),
        "class": ("int2", assessed.buildings.conformity_class[rows]),
        "index_lower": ("float8", scores.lower[rows]),
        "index_central": ("float8", scores.central[rows]),
        "index_upper": ("float8", scores.upper[rows]),
        "completeness": ("float8", scores.completeness[rows]),
        "motion_g": ("float8", motion_g),
        "share": ("float8", buildings.share[rows]),
    }
    for part, values in risk.items():
        for number, bound in enumerate(run_results.RISK_BOUNDS):
            columns[f"{part}_{bound}"] = ("float8", values[:, number])
    return columns


def _store_domains(session: Session, run_id: int, schools: Schools, edition: Edition, assessed: Assessed) -> None:
    """A domain of which nothing applies at a school has no row."""
    standard, scores = edition.standard, assessed.schools
    of_domain = np.array(standard.domain)
    applies = ~np.isnan(scores.domain_index[:, :, 1])
    school, domain = np.nonzero(applies)
    failed = scores.failed[school] & (of_domain[None, :] == np.array(standard.domains)[domain][:, None])
    index = scores.domain_index[school, domain]
    columns: Columns = {
        "school_id": ("int8", schools.columns["id"][school]),
        "domain": ("int2", domain),
        "index_lower": ("float8", index[:, 0]),
        "index_central": ("float8", index[:, 1]),
        "index_upper": ("float8", index[:, 2]),
        "completeness": ("float8", index[:, 3]),
    }
    words = run_results.words_of_masks(failed, standard.codes)
    run_results.store_domains(session, run_id, columns, words, standard.domains)
