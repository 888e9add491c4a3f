"""Everything that a list rests on, from its kit alone: what ``list_figures`` takes, and how the list was drawn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.funding.catalogue import catalogue_of
from app.workflows import kit_inputs, ranking_costs, ranking_scores
from app.workflows.draw_plan import DrawPlan
from app.workflows.kit_facts import BUILDINGS, SCHOOLS, rows_in
from app.workflows.list_figures import Ground
from geodata.readers.parameter_tables import ParameterTables, parameter_tables

if TYPE_CHECKING:
    from app.prioritisation.scheme import Scheme
    from app.risk.parameters import RiskParameters
    from app.workflows.kit_format import Kit

PARAMETERS = "parameters/"
COSTS = "inputs/costs.csv"
EMERGENCY = "emergency"


def tables_of(kit: Kit) -> ParameterTables:
    """Return the parameter tables of a kit, whatever is installed."""
    files = {name.removeprefix(PARAMETERS): body for name, body in kit.files.items() if name.startswith(PARAMETERS)}
    return parameter_tables(files)


def ground_of(kit: Kit, scheme: Scheme, parameters: RiskParameters, tables: ParameterTables) -> Ground:
    """Return what the list of a kit rests on, scored and ranked without draws.

    Raises:
        KeyError, ValueError, TypeError, IndexError: An input cannot be read.
    """
    day = date.fromisoformat(str(kit.canonical["data_date"]))
    schools = kit_inputs.schools_of(kit, day, parameters)
    buildings = kit_inputs.buildings_of(kit, schools, parameters)
    hazards = kit_inputs.hazards_of(kit, schools, buildings, parameters)
    edition = kit_inputs.edition_of(kit, parameters)
    answers = [found for found, _day in kit_inputs.answers_of(kit, edition, schools, buildings)]
    assessed = kit_inputs.assessed_of(kit, edition, schools, buildings, parameters, with_quality=True)
    ranked = ranking_scores.rank(schools, buildings, hazards, assessed, scheme, parameters)
    rows = rows_in(kit, BUILDINGS)
    own = {number: (row["school"], row["code"]) for number, row in enumerate(rows, 1)}
    codes = [row["code"] for row in rows_in(kit, SCHOOLS)]
    at = zip(buildings.school.tolist(), buildings.columns["id"].tolist(), strict=True)
    places = [own.get(number, (codes[school], "")) for school, number in at]
    costs = ranking_costs.read_costs(kit.files[COSTS], catalogue_of(tables), codes, places)
    condemned = [number for number, row in enumerate(rows, 1) if row["condition"] == EMERGENCY]
    return Ground(
        schools, buildings, hazards, edition, assessed, ranked, scheme, parameters, tables, lambda: iter(answers),
        costs, condemned,
    )  # fmt: skip


def draws_of(kit: Kit) -> tuple[DrawPlan | None, int]:
    """Return how the list of a kit was drawn, None for not at all, and N of "among the first N"."""
    top, told = int(kit.canonical["weights_moved"]["top"]), kit.canonical.get("draws")
    return None if told is None else DrawPlan(int(told["count"]), int(told["seed"]), int(told["top"])), top
