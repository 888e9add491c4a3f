"""The page of a table of priors: shares of types by decade for an area, pass rates for a group, and all versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext as _

from app.i18n.names import local_name
from app.risk.parameters import UNKNOWN_TYPE, default_parameters
from app.web.filters import InvalidFilterError
from app.web.guard import allowed
from app.web.language import current_language
from app.web.priors import words
from app.web.schools.passport import building_types
from geodata.queries import priors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geodata.database import Session
    from geodata.queries.priors import RateRow, ShareRow, Version

COUNTRY = ""
EVERYTHING = "all"
"""The group of all buildings in an address."""


class Group(NamedTuple):
    """Buildings whose pass rates were counted together; as text: what the address says."""

    area: str
    decade: int
    building_type: str

    @property
    def key(self) -> str:
        """Return the group as an address names it."""
        if self.decade == words.ANY_DECADE:
            return EVERYTHING
        return "~".join((self.area, str(self.decade), self.building_type))


@dataclass(frozen=True)
class Column:
    """One decade of an area: what its shares were counted over, and from how many buildings."""

    label: str
    basis: str
    surveyed: int


@dataclass(frozen=True)
class Wish:
    """What the reader asks for: the area of the shares and the group of the rates."""

    area: str
    group: str


def priors_page(session: Session, version: Version | None, wish: Wish) -> dict[str, Any]:
    """Return the page of a version; None: no table is in force.

    Raises:
        InvalidFilterError: The version has no shares of the area, or no rates of the group.
    """
    parameters = default_parameters()
    page: dict[str, Any] = {
        "shown": version,
        "in_force": priors.in_force(session),
        "versions": _versions(session),
        "may_make": allowed("rank"),
        "least_buildings": int(parameters["prior.least_buildings"]),
        "least_answers": int(parameters["prior.least_answers"]),
        "rate": 100 * parameters["conformity.prior_pass_rate"],
    }
    if version is None:
        return page
    names = priors.area_names(session)
    return page | _types(session, version, wish, names) | _rates(session, version, wish, names)


def _versions(session: Session) -> list[dict[str, Any]]:
    """Return every version with the days from which it was in force, the newest first."""
    decided = priors.decisions(session)
    since: dict[int, list[Any]] = {}
    for one in decided:
        if one.number is not None:
            since.setdefault(one.number, []).append(one.decided_at)
    standing = decided[-1].number if decided else None
    return [
        {
            "version": found.version,
            "edition": found.edition,
            "is_in_force": found.version.number == standing,
            "since": since.get(found.version.number, []),
        }
        for found in priors.list_versions(session)
    ]


def _area_name(code: str, names: Mapping[str, Any]) -> str:
    if code == COUNTRY:
        return _(words.COUNTRY)
    return local_name(names[code], current_language()) if code in names else code


def _decade(decade: int) -> str:
    return _(words.NO_YEAR) if decade == words.YEAR_UNKNOWN else _("%(year)ss", year=decade)


def _type_name(code: str) -> str:
    if code == UNKNOWN_TYPE:
        return _(words.UNKNOWN_TYPE)
    row = building_types().get(code)
    return code if row is None else local_name(row, current_language())


def _types(session: Session, version: Version, wish: Wish, names: Mapping[str, Any]) -> dict[str, Any]:
    areas = priors.areas_of(session, version.version.id)
    if wish.area not in areas:
        raise InvalidFilterError("area", wish.area, {code: _area_name(code, names) for code in areas if code})
    shares: Sequence[ShareRow] = priors.shares_of(session, version.version.id, wish.area)
    decades = sorted({row.decade for row in shares if row.decade}) + [0] * any(not row.decade for row in shares)
    by_cell = {(row.building_type, row.decade): row for row in shares}
    first = {row.decade: row for row in shares}
    types = [code for code in building_types() if any((code, decade) in by_cell for decade in decades)]
    columns = [
        Column(_decade(decade), _(words.BASES[first[decade].basis]), first[decade].surveyed) for decade in decades
    ]
    return {
        "area": wish.area,
        "area_name": _area_name(wish.area, names),
        "areas": sorted(((code, _area_name(code, names)) for code in areas), key=lambda one: (one[0] != "", one[1])),
        "columns": columns,
        "types": [(code, _type_name(code), [by_cell.get((code, decade)) for decade in decades]) for code in types],
    }


def _rates(session: Session, version: Version, wish: Wish, names: Mapping[str, Any]) -> dict[str, Any]:
    groups = [Group(*row) for row in priors.groups_of(session, version.version.id)]
    known = {group.key: group for group in groups}
    if not known:
        return {"groups": [], "rates": []}
    if wish.group not in known:
        raise InvalidFilterError("group", wish.group, {key: _group_name(known[key], names) for key in known})
    rows: Sequence[RateRow] = priors.rates_of(session, version.version, known[wish.group])
    return {
        "group": wish.group,
        "group_name": _group_name(known[wish.group], names),
        "groups": [(group.key, _group_name(group, names)) for group in groups],
        "rates": [(row, local_name(row, current_language(), "text")) for row in rows],
    }


def _group_name(group: Group, names: Mapping[str, Any]) -> str:
    if group.decade == words.ANY_DECADE:
        return _(words.EVERY_GROUP)
    place = _area_name(group.area, names)
    return f"{place} · {_decade(group.decade)} · {_type_name(group.building_type)}"
