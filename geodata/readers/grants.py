"""What ships with the project about shared grants: example shares, the budget year, what an application holds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from geodata.errors import GeodataError
from geodata.readers.reference import REFERENCE_DIR, read_rows

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = REFERENCE_DIR / "grants"
STEP_STATUSES = ("stated", "second_hand", "unknown")
FIELD_STATES = ("have", "estimate", "photos", "missing")


class GrantReferenceError(GeodataError):
    """The reference data on grants say something that cannot be; the message names file and row."""


class ShareExample(NamedTuple):
    """An own share that a local body brought: som, percent, where, and who said so."""

    code: str
    own_som: int
    total_som: int
    share_pct: int
    where_ky: str
    where_ru: str
    where_en: str
    source: str
    url: str


class BudgetStep(NamedTuple):
    """One step of the budget year. ``status`` unknown: nobody stated the day to us, and none is invented."""

    code: str
    status: str
    when_ky: str
    when_ru: str
    when_en: str
    what_ky: str
    what_ru: str
    what_en: str
    source: str
    url: str


class GrantField(NamedTuple):
    """What an application holds. ``state``: have, estimate (order of magnitude), photos (if there are any), missing."""

    code: str
    state: str
    name_ky: str
    name_ru: str
    name_en: str
    source: str


@cache
def read_share_examples(folder: Path = FOLDER) -> tuple[ShareExample, ...]:
    """Return the examples; raises GrantReferenceError where a percent is not that of its sums."""
    found = []
    for row in read_rows(folder / "shares.csv"):
        own, total, share = (int(row[name]) for name in ("own_som", "total_som", "share_pct"))
        if not 0 < own < total or round(100 * own / total) != share:
            raise GrantReferenceError(f"shares.csv: {row['code']}: {own} of {total} som is not {share} percent")
        where = (row["where_ky"], row["where_ru"], row["where_en"])
        found.append(ShareExample(row["code"], own, total, share, *where, row["source"], row["url"]))
    return tuple(found)


@cache
def read_budget_year(folder: Path = FOLDER) -> tuple[BudgetStep, ...]:
    """Return the steps of the budget year in their order; raises GrantReferenceError for an unknown status."""
    found = []
    for row in read_rows(folder / "calendar.csv"):
        if row["status"] not in STEP_STATUSES:
            raise GrantReferenceError(f"calendar.csv: {row['code']}: {row['status']!r} is none of {STEP_STATUSES}")
        found.append(BudgetStep(**{name: row[name] for name in BudgetStep._fields}))
    return tuple(found)


@cache
def read_grant_fields(folder: Path = FOLDER) -> tuple[GrantField, ...]:
    """Return what an application holds; raises GrantReferenceError for an unknown state."""
    found = []
    for row in read_rows(folder / "fields.csv"):
        if row["state"] not in FIELD_STATES:
            raise GrantReferenceError(f"fields.csv: {row['code']}: {row['state']!r} is none of {FIELD_STATES}")
        found.append(GrantField(**{name: row[name] for name in GrantField._fields}))
    return tuple(found)
