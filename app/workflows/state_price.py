"""State what a measure costs, from a form or a CSV: rows are added, never changed, and the next ranking obeys them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from app.funding.catalogue import Catalogue, default_catalogue
from app.funding.prices import HIGHEST_M, faults_of
from geodata.database import ACCOUNT_KEY
from geodata.queries import audit, measure_prices, official_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geodata.database import Session
    from geodata.records.measure_price import StatedPrice

COLUMNS = (
    "measure", "unit", "area", "altitude_from_m", "low_som", "default_som", "high_som", "price_date",
    "index_factor", "index_source", "source", "status", "reason",
)  # fmt: skip
"""Headings of the CSV; ``unit`` is what the cost is of (``app.funding.catalogue.QUANTITIES``)."""
NEEDED = {"measure", "default_som"}
COSTS = ("low_som", "default_som", "high_som")
MOST_ROWS, LARGEST_FILE, LONGEST = 2_000, 1024 * 1024, 1_000
WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
WHOLE_COLUMNS = (*COSTS, "altitude_from_m")
POINTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
NUMBER = re.compile(r"\d{1,6}([.,]\d{1,6})?")
SPACES = dict.fromkeys(map(ord, " \u00a0\u202f"))


class PriceError(Exception):
    """Base of every refusal of a stated cost."""


class NotStatingError(PriceError):
    """Who asks does not rank the whole country."""


class PriceChangedError(PriceError):
    """Somebody else stated a cost of this measure meanwhile."""


@dataclass(frozen=True, slots=True)
class PriceFault:
    """What is wrong: a code of ``app.web.measures.words.FAULTS``, the field, what stood there, the row of a file."""

    code: str
    field: str
    value: str = ""
    row: int | None = None


class PriceRefusedError(PriceError):
    """Something is wrong; nothing was taken. ``faults`` names all of it."""

    def __init__(self, faults: Sequence[PriceFault]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = tuple(faults)


def state_price(session: Session, fields: Mapping[str, str], *, withdraw: bool = False, seen: int = 0) -> None:
    """Store one statement; the caller commits.

    Args:
        fields: Text by ``COLUMNS``. ``withdraw``: what holds in a wider place holds here again.
        seen: Number of the newest statement about the measure that the writer saw.

    Raises:
        NotStatingError: The right to rank the whole country is missing; row security says the same.
        PriceRefusedError: Fields are wrong; PriceChangedError: see there.
    """
    _ask_right(session)
    values, faults = _read(fields, default_catalogue(), _areas(session, [fields]), withdraw=withdraw)
    if faults:
        raise PriceRefusedError(faults)
    measure_prices.hold(session)
    newest = measure_prices.history(session, values["measure"], 1)
    if newest and newest[0].id != seen:
        raise PriceChangedError
    _store(session, [values])


def state_file(session: Session, data: bytes, reason: str = "") -> tuple[int, int]:
    """Store the rows of a CSV that differ from what is in force; return how many, and how many there are.

    All rows are right, or none is taken. ``reason`` stands where a row has none of its own.

    Raises: what ``state_price`` raises; the faults name their rows (the first after the headings is 2).
    """
    _ask_right(session)
    rows = _table(data)
    catalogue, areas = default_catalogue(), _areas(session, rows)
    measure_prices.hold(session)
    known = {_key(row): row for row in price_rows(catalogue, measure_prices.in_force(session))}
    found, faults, keys = [], [], set()
    for number, row in enumerate(rows, 2):
        former = known.get(_key(row))
        if former is not None and all(row.get(name, former[name]) == former[name] for name in COLUMNS[:-1]):
            continue
        values, wrong = _read({**row, "reason": row.get("reason") or reason}, catalogue, areas)
        if _key(row) in keys:
            wrong = [*wrong, PriceFault("twice", "measure", row.get("measure", ""))]
        keys.add(_key(row))
        found.append(values)
        faults += [PriceFault(fault.code, fault.field, fault.value, number) for fault in wrong]
    if faults:
        raise PriceRefusedError(faults)
    _store(session, found)
    return len(found), len(rows)


def price_rows(catalogue: Catalogue, stated: Sequence[StatedPrice]) -> list[dict[str, str]]:
    """Return the catalogue as rows of text by ``COLUMNS``: what is in force, else what the tables say."""
    general = {one.measure for one in stated if one.area_code is None and one.altitude_from_m is None}
    rows = []
    for code, measure in catalogue.interventions.items():
        if code not in general:
            costs = (measure.low_som, measure.unit_som, measure.high_som) if measure.is_priced else ()
            figures = dict(zip(COSTS, (f"{som:.0f}" for som in costs), strict=False))
            rows.append(_row(code, measure.quantity, figures, "1", {"source": measure.basis, "status": measure.status}))
        for one in stated:
            if one.measure == code:
                figures = {name: str(som) for name in COSTS if (som := getattr(one, name)) is not None}
                facts = {
                    "area": one.area_code or "",
                    "altitude_from_m": str(one.altitude_from_m or ""),
                    "price_date": one.price_date.isoformat() if one.price_date else "",
                    "index_source": one.index_source or "",
                    "source": one.source,
                    "status": one.status,
                }
                index = f"{one.index_factor.normalize():f}"
                rows.append(_row(code, measure.quantity, figures, index, facts))
    return rows


def _row(code: str, unit: str, figures: Mapping[str, str], index: str, facts: Mapping[str, str]) -> dict[str, str]:
    given = {"measure": code, "unit": unit, "index_factor": index, **figures, **facts}
    return {name: given.get(name, "") for name in COLUMNS}


def _key(row: Mapping[str, str]) -> tuple[str, str, str]:
    return row.get("measure", ""), row.get("area", ""), row.get("altitude_from_m", "")


def _ask_right(session: Session) -> None:
    if not measure_prices.may_state(session):
        raise NotStatingError


def _areas(session: Session, rows: Sequence[Mapping[str, str]]) -> dict[str, int]:
    return measure_prices.area_ids(session, sorted({row.get("area", "").strip() for row in rows} - {""}))


def _store(session: Session, found: Sequence[dict[str, Any]]) -> None:
    own = {"approver": official_lists.own_name(session), "account_id": session.info.get(ACCOUNT_KEY)}
    measure_prices.add(session, [values | own for values in found])
    for values in found:
        details = {"default_som": values["default_som"], "withdrawn": values["is_withdrawn"]}
        audit.record(session, "measure:priced", subject=values["measure"], details=details)


def _table(data: bytes) -> list[dict[str, str]]:
    if len(data) > LARGEST_FILE:
        raise PriceRefusedError([PriceFault("file_large", "file")])
    try:
        content = data.decode("utf-8-sig")
        delimiter = max(",;\t", key=content.partition("\n")[0].count)
        rows = list(csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise PriceRefusedError([PriceFault("file_kind", "file")]) from error
    named = {(name or "").strip().lower() for name in (rows[0] if rows else {})}
    if "\0" in content or not named >= NEEDED:
        raise PriceRefusedError([PriceFault("file_kind", "file")])
    if len(rows) > MOST_ROWS:
        raise PriceRefusedError([PriceFault("file_large", "file")])
    texts = (
        {(name or "").strip().lower(): cell for name, cell in row.items() if isinstance(cell, str)} for row in rows
    )
    return [{name: _plain(name, cell.strip()) for name, cell in row.items()} for row in texts]


def _plain(name: str, cell: str) -> str:
    """Return a cell as the file that was taken out had it: spreadsheets write days and numbers in their own way.

    The sign that keeps one from running a cell (``app.exports.problem_list.safe_text``) is taken off.
    """
    if name in WHOLE_COLUMNS:
        return cell.translate(SPACES)
    if name == "price_date" and (found := POINTED.fullmatch(cell)):
        return f"{found[3]}-{found[2].zfill(2)}-{found[1].zfill(2)}"
    if name == "index_factor" and NUMBER.fullmatch(cell):
        return f"{Decimal(cell.replace(',', '.')).normalize():f}"
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _read(
    fields: Mapping[str, str], catalogue: Catalogue, areas: Mapping[str, int], *, withdraw: bool = False
) -> tuple[dict[str, Any], list[PriceFault]]:
    """Return the values of a statement and what is wrong with it."""
    given = {name: (fields.get(name) or "").strip().replace("\0", "") for name in COLUMNS}
    faults = [PriceFault("long", name, text[:20]) for name, text in given.items() if len(text) > LONGEST]

    def whole(name: str) -> int | None:
        text = given[name].translate(SPACES)
        if text and not WHOLE.fullmatch(text):
            faults.append(PriceFault("not_whole", name, given[name]))
            return None
        return int(text) if text else None

    measure = catalogue.interventions.get(given["measure"])
    if measure is None:
        faults.append(PriceFault("measure", "measure", given["measure"]))
    elif given["unit"] and given["unit"] != measure.quantity:
        faults.append(PriceFault("unit", "unit", given["unit"]))
    if given["area"] and given["area"] not in areas:
        faults.append(PriceFault("area", "area", given["area"]))
    altitude = whole("altitude_from_m")
    if altitude is not None and not 1 <= altitude <= HIGHEST_M:
        faults.append(PriceFault("altitude", "altitude_from_m", given["altitude_from_m"]))
    faults += [PriceFault("missing", name) for name in ("source", "reason") if not given[name] and not withdraw]
    if withdraw and not given["reason"]:
        faults.append(PriceFault("missing", "reason"))
    values: dict[str, Any] = {
        "measure": given["measure"],
        "area_id": areas.get(given["area"]),
        "altitude_from_m": altitude,
        **dict.fromkeys((*COSTS, "price_date", "index_source")),
        "index_factor": Decimal(1),
        "source": given["source"] or "-",
        "status": given["status"],
        "reason": given["reason"],
        "is_withdrawn": withdraw,
    }
    if withdraw:
        return values | {"status": "not known"}, faults
    unread = len(faults)
    costs = [whole(name) for name in COSTS]
    day, index = _day(given["price_date"], faults), _index(given["index_factor"], faults)
    if len(faults) == unread:  # what cannot be read is told once
        found = faults_of(costs[0], costs[1], costs[2], given["status"], index, day)
        faults += [PriceFault(code, FIELD_OF.get(code, "default_som"), _shown(code, given)) for code in found]
    values |= dict(zip(COSTS, costs, strict=True))
    return values | {"price_date": day, "index_factor": index, "index_source": given["index_source"] or None}, faults


FIELD_OF = {
    "status": "status", "status_and_costs": "status", "index": "index_factor", "date": "price_date",
    "date_missing": "price_date",
}  # fmt: skip


def _shown(code: str, given: Mapping[str, str]) -> str:
    field = FIELD_OF.get(code)
    return given[field] if field else " / ".join(given[name] or "?" for name in COSTS)


def _day(text: str, faults: list[PriceFault]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        faults.append(PriceFault("date", "price_date", text))
        return None


def _index(text: str, faults: list[PriceFault]) -> Decimal:
    try:
        found = Decimal(text.replace(",", ".")) if text else Decimal(1)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) > LONGEST or found != round(found, 4):
        faults.append(PriceFault("index", "index_factor", text))
        return Decimal(1)
    return found
