"""Costs by engineers and decided works as they stand on the day of a ranking."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from app.funding.bundles import CHOICES
from app.workflows.canonical import canonical_hash
from app.workflows.cost_bundles import Figures
from app.workflows.ranking_costs import WorksCosts, write_costs
from app.workflows.ranking_inputs import Buildings, Schools, row_of
from geodata.queries import works

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.workflows.evaluate_bundles import WorksRule
    from app.workflows.ranking_prices import Prices
    from geodata.database import Session

NAMES = sorted(set(CHOICES.values()))


def version_of(session: Session) -> dict[str, Any]:
    """Return what a run's hash says of figures and decisions in force; nothing where there are none."""
    figures = [one.key for one in works.figures_in_force(session)]
    choices = [one.key for one in works.choices_in_force(session)]
    if not figures and not choices:
        return {}
    counts = {"figures": len(figures), "decided": len(choices)}
    return {"works": counts | {"sha256": canonical_hash({"figures": figures, "decided": choices})}}


def load_costs(session: Session, schools: Schools, buildings: Buildings, prices: Prices) -> WorksCosts:
    """Return what works cost in a ranking: unit costs, costs by engineers, and what was decided."""
    figures, choice = load_figures(session, schools, buildings), load_choices(session, schools)
    return WorksCosts(prices.catalogue, prices.local, figures, choice)


def costs_text(session: Session, schools: Schools, buildings: Buildings, costs: WorksCosts) -> bytes:
    """Return the costs as a kit holds them."""
    names, places = works.school_codes(session), works.building_codes(session)
    codes = [names[number] for number in schools.columns["id"].tolist()]
    ids = zip(buildings.school.tolist(), buildings.columns["id"].tolist(), strict=True)
    return write_costs(costs, codes, [(codes[school], places.get(number, "")) for school, number in ids])


def hash_costs(session: Session, schools: Schools, buildings: Buildings, costs: WorksCosts) -> str:
    """Return the SHA-256 of the costs as a kit holds them."""
    return hashlib.sha256(costs_text(session, schools, buildings, costs)).hexdigest()


def load_figures(session: Session, schools: Schools, buildings: Buildings) -> Figures:
    """Return the costs in force at the schools and buildings of a ranking; those of closed ones are left out."""
    by_school: dict[str, NDArray[np.float64]] = {}
    by_building: dict[str, NDArray[np.float64]] = {}
    for one in works.figures_in_force(session):
        whole = one.building_id is None
        ids = schools.columns["id"] if whole else buildings.columns["id"]
        row = int(row_of(ids, np.array([one.school_id if whole else one.building_id]))[0])
        if row >= 0:
            target = by_school if whole else by_building
            target.setdefault(one.measures, np.full(len(ids), np.nan))[row] = one.cost_som
    return Figures(by_school, by_building)


def load_choices(session: Session, schools: Schools) -> NDArray[np.str_]:
    """Return what was decided for each school; empty = the rule."""
    found = np.full(len(schools), "", dtype="<U8")
    for one in works.choices_in_force(session):
        row = int(row_of(schools.columns["id"], np.array([one.school_id]))[0])
        if row >= 0:
            found[row] = one.choice
    return found


def store_rule(session: Session, run_id: int, schools: Schools, rule: WorksRule) -> None:
    """Keep with a run what decided between retrofit, replacement and relocation at each school."""
    number = np.zeros(len(schools), dtype=np.int16)
    for place, name in enumerate(NAMES, 1):
        number[rule.choice == name] = place
    columns: dict[str, tuple[str, Any]] = {
        "school_id": ("int8", schools.columns["id"]),
        "retrofit_som": ("float8", rule.retrofit_som),
        "replacement_som": ("float8", np.ceil(np.round(rule.replacement_som, 4))),
        "is_condemned": ("int2", rule.is_condemned),
        "is_on_slide": ("int2", rule.is_on_slide),
        "is_in_flow": ("int2", rule.is_in_flow),
        "choice": ("int2", number),
    }
    works.store_rule(session, run_id, columns, NAMES)
