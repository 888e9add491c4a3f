"""A wish in an address: written where a job leads back to the form, read by the form; nothing typed is lost.

Money stands in whole million som: ``m-<source>-<n>`` for the n-th year from ``first``, ``low-<area>`` and
``high-<area>`` for least and most of an area.
"""

from __future__ import annotations

from urllib.parse import urlencode

from app.workflows.plan_wish import Wish

MILLION = 1_000_000


def write_address(wish: Wish) -> dict[str, str]:
    """Return the fields of a form that ask for ``wish``; what is no whole million is rounded down."""
    fields = {"budget": str(wish.budget_som // MILLION), "floors": f"{100 * wish.floor_share:.0f}"}
    if wish.envelopes:
        first = min(one.year for one in wish.envelopes)
        fields |= {"first": str(first)}
        for one in wish.envelopes:
            fields[f"m-{one.source}-{one.year - first}"] = str(one.som // MILLION)
            if one.area_code:
                fields["donor_area"] = one.area_code
    if wish.must_rule:
        fields["must_rule"] = wish.must_rule
    if wish.must_act:
        fields["must"] = "\n".join(f"{one.code} {one.reason}" for one in wish.must_act)
    if wish.works_most is not None:
        fields["works"] = str(wish.works_most)
    if wish.gini_most is not None:
        fields["gini"] = f"{100 * wish.gini_most:.0f}"
    for limit in wish.limits:
        if limit.floor_som is not None:
            fields[f"low-{limit.area_code}"] = str(limit.floor_som // MILLION)
        if limit.ceiling_som is not None:
            fields[f"high-{limit.area_code}"] = str(limit.ceiling_som // MILLION)
    return fields


def conflict_address(run_hash: str, wish: Wish, rules: tuple[str, ...]) -> str:
    """Return the address, below the language, of the form with the wish and the rules that cannot be kept together."""
    return "money?" + urlencode({"run": run_hash[:16], **write_address(wish), "conflict": " ".join(rules)})
