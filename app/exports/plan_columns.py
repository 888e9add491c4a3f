"""THE list of columns of a plan: what every file and the interface know about one funded school of it.

A getter takes a ``PlanItemRow`` and the names, by code, of areas and of bundles in the language of the file.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from app.exports.column import Column, Kind, Places, Value
from app.exports.columns import COLUMNS
from app.i18n.marks import N_
from geodata.records.plan_item import SOURCES, PlanItemRow

MONEY = {
    "republican_budget": N_("Republican budget"),
    "local_budget": N_("Local budget"),
    "stimulating_grant": N_("Incentive (shared) grant"),
    "donor": N_("Donor funds"),
    "development_fund": N_("Development fund"),
}
"""Sources of money in words; never boards of trustees or parents."""


SHARED = {column.key: column for column in COLUMNS}
PLACE = (
    "national_rank", "code", "name_ky", "name_ru", "name_en", "oblast_code", "oblast", "rayon_code", "rayon",
    "aimak_code", "aimak", "lon", "lat", "grade", "pupils", "shifts",
)  # fmt: skip
"""Columns that a plan has in common with the ranked list: the same words, the same kinds."""


def _field(key: str, label: str, description: str, kind: Kind, **more: Any) -> Column:
    read = attrgetter(key)
    return Column(key, label, description, kind, lambda row, _names: read(row), **more)


def _payer(source: str) -> Column:
    def read(row: PlanItemRow, _names: Places) -> Value:
        return None if row.payments is None else row.payments.get(source, 0)

    description = N_("What this source pays for the school; empty = the plan does not say who pays.")
    return Column(f"{source}_som", MONEY[source], description, "money", read, unit=N_("som"))


PLAN_COLUMNS: tuple[Column, ...] = (
    *(SHARED[key] for key in PLACE),
    _field(
        "year",
        N_("Year"),
        N_("Year in which the works are paid; empty = the plan is of one year without a name."),
        "integer",
        in_brief=True,
    ),
    _field("bundle", N_("Codes of the measures"), N_("Codes of the catalogue joined by plus signs."), "text"),
    Column(
        "measures",
        N_("Measures"),
        N_("What is done at the school, in words."),
        "text",
        lambda row, names: names.get(row.bundle, row.bundle),
        in_brief=True,
    ),
    _field(
        "cost_som",
        N_("Cost, som"),
        N_("Order-of-magnitude cost of the measures together, rounded up once to whole som."),
        "money",
        unit=N_("som"),
        in_brief=True,
    ),
    *(_payer(source) for source in SOURCES),
    Column(
        "benefit_ppm",
        N_("Benefit"),
        N_("Share of the country's danger, loss and need that the measures take away, in millionths."),
        "decimal",
        lambda row, _names: 1e6 * row.benefit,
        unit=N_("millionths of the country"),
        in_brief=True,
    ),
    _field(
        "funded_in_draws",
        N_("Funded in the draws"),
        N_("Share of the draws of what is uncertain in which it gets money; empty = the plan was not drawn."),
        "decimal",
        unit=N_("0 to 1"),
    ),
    _field(
        "on_proposals",
        N_("Rests on proposals"),
        N_("Share of its benefit that depends on proposals of the method; empty = not worked out for this plan."),
        "decimal",
        unit=N_("0 to 1"),
    ),
    SHARED["synthetic"],
)

PLAN_CONSTANTS: tuple[str, ...] = ("plan", "run", "data_date", "stamp")
"""The same in every row of a CSV file: hashes of plan and ranking, day of the data, and what limits its use."""


def plan_values(row: PlanItemRow, names: Places) -> dict[str, Value]:
    """Return every column of one row by key."""
    return {column.key: column.get(row, names) for column in PLAN_COLUMNS}


def cell_text(column: Column, value: Value) -> str:
    """Return a value as the text of a file; unknown is the empty text, whole numbers have no separators."""
    if value is None:
        return ""
    if column.kind == "boolean":
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)
