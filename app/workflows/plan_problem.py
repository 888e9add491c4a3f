"""What can be bought in a ranking and under which rules, as the solver reads it; from a wish in words to positions.

Offers that put money for comfort into a building that is not known to be safe are left out here, so that no plan, no
preview and no report of sensitivity can hold them (method 10, rule 7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.funding.catalogue import default_catalogue
from app.funding.cofinancing import OwnShare, permille_of, shares_of
from app.funding.envelope_preview import Money
from app.funding.envelopes import (
    LOCAL,
    Envelope,
    Spread,
    limited_of,
    local_part,
    money_limits,
    money_of,
    spread,
    years_of,
)
from app.funding.phasing import benefit_years
from app.funding.portfolio import NO_LIMIT, Limit, Offers, Rules
from app.funding.precedence import is_safety, is_structural, needs_safe_building
from app.workflows.plan_wish import FLAGGED, EnvelopeWish, Wish, WishError
from geodata.database import Session
from geodata.queries import plans
from geodata.readers.parameter_tables import read_parameter_tables
from geodata.records.plan import OfferTable

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
NO_YEAR = 0
"""Stands for the year of a plan of one year without a name."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A wish as the solver reads it. Rows of ``wide``: bundles in each year; ``cuts``: empty where one source pays."""

    offers: Offers
    wide: Spread
    base: Rules
    """The rules of all years together, as the preview knows them."""
    rules: Rules
    """The same over ``wide``, with sources, rayons and capacity."""
    weight: FloatArray
    years: tuple[int, ...]
    money: Money
    envelopes: tuple[Envelope, ...]
    local_som: IntArray
    """Shape (offers,): what local budgets may pay of each bundle."""
    cuts: tuple[Limit, ...]
    must_act: IntArray
    """Positions of the must-act schools that have a safety measure of known cost."""
    without_measure: IntArray
    reasons: Mapping[int, str]
    """Why a school must be acted on, by position."""

    @property
    def region(self) -> IntArray:
        """Return the region of each offer."""
        return self.base.region[self.offers.school]


def load_table(session: Session, run_id: int) -> OfferTable | None:
    """Return what may be funded in a run: offers of known cost that keep the order of works; None without any."""
    table = plans.load_offers(session, run_id)
    return None if table is None else keep_precedence(table)


def keep_precedence(table: OfferTable) -> OfferTable:
    """Return the table without money for comfort in buildings that are not known to be safe."""
    catalogue = default_catalogue()
    comfort = np.array([needs_safe_building(code, catalogue) for code in table.codes], dtype=bool)
    kept = ~comfort[table.bundle] | table.is_safe[table.school]
    names = ("bundle", "school", "cost_som", "benefit")
    return replace(table, **{name: getattr(table, name)[kept] for name in names})


def offers_of(table: OfferTable) -> Offers:
    """Return the offers as the solver reads them.

    A bundle counts as safety where it holds a measure of safety; at a school whose structure is flagged, where it
    makes the structure safer.
    """
    catalogue = default_catalogue()
    safe = np.array([is_safety(code, catalogue) for code in table.codes], dtype=bool)
    structural = np.array([is_structural(code) for code in table.codes], dtype=bool)
    flagged = table.is_flagged[table.school]
    return Offers(
        school=table.school,
        cost_som=table.cost_som,
        benefit=table.benefit,
        is_safety=np.where(flagged, structural[table.bundle], safe[table.bundle]),
        schools=len(table.school_id),
    )


def need_of_regions(table: OfferTable) -> FloatArray:
    """Return pupils x (100 - index) of each region; a school of which nothing is known adds nothing."""
    need = np.nan_to_num(table.pupils * table.gap_points)
    return np.bincount(table.region, need, len(table.regions)).astype(float)


def rules_of(table: OfferTable, wish: Wish) -> Rules:
    """Return the rules of ``wish`` for all years together: floors by need, lowered where measures cost less.

    Raises:
        WishError: A limit names an area that the ranking does not have.
        FundingError: Limits that contradict themselves or the budget.
    """
    regions = len(table.regions)
    need = need_of_regions(table)
    floor = np.floor(wish.floor_share * wish.budget_som * need / (need.sum() or 1.0)).astype(np.int64)
    ceiling = np.full(regions, NO_LIMIT)
    stated = {table.area_code.get(area): at for at, area in enumerate(table.regions)}
    rayons = {table.area_code.get(area) for area in table.rayons}
    for limit in wish.limits:
        at = stated.get(limit.area_code)
        if at is None and limit.area_code not in rayons:
            raise WishError("area", limit.area_code)
        if at is not None:
            ceiling[at] = NO_LIMIT if limit.ceiling_som is None else limit.ceiling_som
            floor[at] = min(floor[at], ceiling[at]) if limit.floor_som is None else limit.floor_som
    return Rules(
        budget_som=wish.budget_som,
        region=table.region,
        pupils=np.bincount(table.region, np.nan_to_num(table.pupils), regions).astype(float),
        floor_som=np.minimum(floor, possible_som(table, table.region, regions)),
        ceiling_som=ceiling,
        gini_most=wish.gini_most,
    )


def possible_som(table: OfferTable, group: IntArray, groups: int) -> IntArray:
    """Return what the dearest measures of all schools of each group cost together: more cannot be spent there."""
    dearest = np.zeros(len(table.school_id), dtype=np.int64)
    np.maximum.at(dearest, table.school, table.cost_som)
    possible = np.zeros(groups, dtype=np.int64)
    np.add.at(possible, group, dearest)
    return possible


def problem_of(table: OfferTable, wish: Wish, *, discount: float | None = None) -> Problem:
    """Return the whole problem of a wish; ``discount``: another rate a year than the method's.

    Raises:
        WishError: An area or a school that the ranking does not have.
        FundingError: Envelopes, floors or ceilings that contradict each other.
    """
    offers, base = offers_of(table), rules_of(table, wish)
    envelopes = tuple(_envelope(table, one) for one in wish.envelopes)
    years = years_of(envelopes) if envelopes else (NO_YEAR,)
    weight = year_weights(len(years), discount)
    wide = spread(offers, weight)
    local = local_part(offers.cost_som, own_permille(table)[offers.school])
    region = base.region[offers.school]
    cuts: tuple[Limit, ...] = ()
    if len(years) > 1 or any(limited_of(envelopes, year) for year in years):
        cuts = tuple(money_limits(wide, local[wide.row], region[wide.row], envelopes))
    reasons = _must_act(table, wish)
    wanted = np.array(sorted(reasons), dtype=np.int64)
    has_measure = np.isin(wanted, offers.school[offers.is_safety])
    limits = (*cuts, *_rayon_limits(table, wish, wide), *_capacity(table, wish, wide))
    return Problem(
        offers=offers,
        wide=wide,
        base=base,
        rules=replace(base, limits=limits),
        weight=weight,
        years=years,
        money=_money(wish, envelopes, years, local),
        envelopes=envelopes,
        local_som=local,
        cuts=cuts,
        must_act=wanted[has_measure],
        without_measure=wanted[~has_measure],
        reasons=reasons,
    )


def _money(wish: Wish, envelopes: Sequence[Envelope], years: Sequence[int], local_som: IntArray) -> Money:
    if not envelopes:
        total = np.array([wish.budget_som])
        return Money(total, total, local_som)
    others = [one for one in envelopes if one.source != LOCAL]
    return Money(money_of(envelopes, years), money_of(others, years), local_som)


def year_weights(years: int, discount: float | None = None) -> FloatArray:
    """Return what works that end in each year are worth against those of the first: they serve fewer years.

    ``discount``: a rate a year that stands in the place of the method's.
    """
    rows = {row["parameter"]: row["default"] for row in _economic()}
    horizon = np.arange(int(float(rows["horizon structural"])))
    rate = float(rows["discount rate"]) if discount is None else discount
    weight = benefit_years((1 + rate) ** -horizon.astype(float), years)
    return np.asarray(weight / weight[0])


def own_shares() -> dict[str, OwnShare]:
    """Return what local budgets of each area declare and can carry, by the area's code; '' is every other area."""
    return shares_of(read_parameter_tables().rows["cofinancing"])


def own_permille(table: OfferTable) -> IntArray:
    """Return the share of a cost that local budgets can pay at each school, in thousandths (``cofinancing.csv``)."""
    shares, code = own_shares(), table.area_code
    pairs, place = np.unique(np.stack([table.rayon, table.region], axis=1), axis=0, return_inverse=True)
    chains = [
        (code.get(table.rayons[rayon], ""), code.get(table.regions[region], "")) for rayon, region in pairs.tolist()
    ]
    return permille_of(shares, chains)[place.ravel()]


def _economic() -> list[dict[str, str]]:
    return read_parameter_tables().rows["economic"]


def _envelope(table: OfferTable, wanted: EnvelopeWish) -> Envelope:
    if wanted.area_code is None:
        return Envelope(wanted.source, wanted.year, wanted.som)
    codes = [table.area_code.get(area) for area in table.regions]
    if wanted.area_code not in codes:
        raise WishError("area", wanted.area_code)
    return Envelope(wanted.source, wanted.year, wanted.som, codes.index(wanted.area_code))


def _must_act(table: OfferTable, wish: Wish) -> dict[int, str]:
    """Return why each must-act school must be acted on, by its position; a reason of its own stands above the rule."""
    found = dict.fromkeys(np.flatnonzero(table.is_flagged).tolist(), FLAGGED) if wish.must_rule == FLAGGED else {}
    places = {code: at for at, code in enumerate(table.school_code)} if wish.must_act else {}
    for one in wish.must_act:
        if one.code not in places:
            raise WishError("school", one.code)
        found[places[one.code]] = one.reason
    return found


def _rayon_limits(table: OfferTable, wish: Wish, wide: Spread) -> list[Limit]:
    places = {table.area_code.get(area): at for at, area in enumerate(table.rayons)}
    regions = {table.area_code.get(area) for area in table.regions}
    possible = possible_som(table, table.rayon, len(table.rayons))
    found = []
    for limit in wish.limits:
        if limit.area_code in regions:
            continue
        at = places[limit.area_code]
        cost = np.where(table.rayon[wide.offers.school] == at, wide.offers.cost_som, 0)
        if limit.floor_som is not None:
            low = min(limit.floor_som, int(possible[at]))
            found.append(Limit(f"rayon_floor:{limit.area_code}", cost, low))
        if limit.ceiling_som is not None:
            found.append(Limit(f"rayon_ceiling:{limit.area_code}", cost, 0, limit.ceiling_som))
    return found


def _capacity(table: OfferTable, wish: Wish, wide: Spread) -> list[Limit]:
    if wish.works_most is None:
        return []
    works = np.array([is_structural(code) for code in table.codes], dtype=bool)[table.bundle][wide.row]
    region = table.region[wide.offers.school]
    return [
        Limit(f"capacity:{at}", (works & (region == at) & (wide.year == year)).astype(np.int64), 0, wish.works_most,
              is_money=False)
        for at in range(len(table.regions))
        for year in range(int(wide.year.max(initial=0)) + 1)
    ]  # fmt: skip
