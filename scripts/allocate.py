"""``allocate``: choose the best measures within the money; print the plan's hash, who pays and who stays without."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from app.workflows.allocate_budget import PlanSummary
    from app.workflows.plan_wish import AreaLimit, EnvelopeWish, MustActWish, Wish
    from geodata.database import Session

BUDGET = click.IntRange(0, 10**15)


def read_envelope(text: str) -> EnvelopeWish:
    """Return ``SOURCE:YEAR:SOM`` or ``SOURCE:YEAR:SOM:AREA``; raises ``click.BadParameter``."""
    from app.workflows.plan_wish import EnvelopeWish

    parts = text.split(":")
    if len(parts) not in (3, 4) or not all(part.isascii() and part.isdecimal() for part in parts[1:3]):
        raise click.BadParameter(f"{text!r} is not SOURCE:YEAR:SOM or SOURCE:YEAR:SOM:AREA")
    return EnvelopeWish(parts[0], int(parts[1]), int(parts[2]), parts[3] if len(parts) == 4 else None)


def read_must_act(text: str) -> MustActWish:
    """Return ``CODE=REASON``; raises ``click.BadParameter``."""
    from app.workflows.plan_wish import MustActWish

    code, _equals, reason = text.partition("=")
    if not code.strip() or not reason.strip():
        raise click.BadParameter(f"{text!r} is not CODE=REASON: say why it cannot wait")
    return MustActWish(code.strip(), reason.strip())


def read_limit(text: str) -> AreaLimit:
    """Return ``AREA:LEAST:MOST`` in whole som, one of them may be empty; raises ``click.BadParameter``."""
    from app.workflows.plan_wish import AreaLimit

    parts = text.split(":")
    if len(parts) != 3 or not all(part == "" or part.isdecimal() for part in parts[1:]):
        raise click.BadParameter(f"{text!r} is not AREA:LEAST:MOST")
    least, most = (int(part) if part else None for part in parts[1:])
    return AreaLimit(parts[0], least, most)


@click.command()
@click.option("--run", "run_hash", required=True, help="Hash of the ranking, or its beginning.")
@click.option("--budget", "budget_som", type=BUDGET, help="Whole som of one year; or say --envelope.")
@click.option("--year", type=click.IntRange(2020, 2100), help="Year of --budget, which is then republican money.")
@click.option("--envelope", "envelopes", multiple=True, help="SOURCE:YEAR:SOM[:AREA]; repeat for sources and years.")
@click.option(
    "--floor-share",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Share of what its need would bring it that each oblast is sure of; 0 = no floors.",
)
@click.option("--limit", "limits", multiple=True, help="AREA:LEAST:MOST in som of an oblast or rayon; repeat.")
@click.option("--gini", type=click.FloatRange(0, 1), help="Largest unevenness of the money per pupil between oblasts.")
@click.option("--must-act", "must_act", multiple=True, help="CODE=REASON of a school that cannot wait; repeat.")
@click.option(
    "--must-act-flagged", is_flag=True, help="Every school of grade E with a structural flag must be acted on."
)
@click.option("--works", type=click.IntRange(0), help="Most structural works in one oblast and year.")
@click.option(
    "--seconds", type=click.FloatRange(0.01, 3600), default=60.0, show_default=True, help="Time of each step."
)
@click.option("--publish", is_flag=True, help="Let everybody see the plan.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(run_hash: str, seconds: float, publish: bool, as_json: bool, **asked: Any) -> int:
    """Choose the best measures for the schools of a ranking; the same inputs give the same plan and hash.

    Sources: republican_budget, local_budget, stimulating_grant, development_fund, donor. Parents and boards of trustees
    are no source. Exit 2: the rules conflict (the smallest set that does is named), or there is nothing to choose from.
    """
    from app.funding.errors import FundingError
    from app.workflows.allocate_budget import AllocationError, allocate_budget
    from scripts.connection import worker_session

    def report(pct: float, step: str) -> None:
        click.echo(f"{pct:3.0f} %  {step}", err=True)

    wish = _wish(**asked)
    try:
        with worker_session() as session:
            made = allocate_budget(session, run_hash, wish, seconds=seconds, publish=publish, report=report)
            found = _told(session, made)
    except (FundingError, AllocationError) as error:
        click.echo(f"No plan was made: {type(error).__name__}: {error}", err=True)
        return 2
    if made.is_superseded:
        click.echo("This ranking is superseded: a newer one is in force.", err=True)
    click.echo(json.dumps(found) if as_json else _lines(made, found))
    sys.stdout.flush()
    return 0


def _wish(
    budget_som: int | None, year: int | None, envelopes: tuple[str, ...], floor_share: float, limits: tuple[str, ...],
    gini: float | None, must_act: tuple[str, ...], must_act_flagged: bool, works: int | None,
) -> Wish:  # fmt: skip
    from app.workflows.plan_wish import FLAGGED, EnvelopeWish, Wish

    if (budget_som is None) == (not envelopes):
        raise click.UsageError("say either --budget or --envelope")
    money = tuple(read_envelope(text) for text in envelopes)
    if budget_som is not None and year is not None:
        money = (EnvelopeWish("republican_budget", year, budget_som),)
    return Wish(
        budget_som=sum(one.som for one in money) if budget_som is None else budget_som,
        floor_share=floor_share,
        gini_most=gini,
        envelopes=money,
        must_act=tuple(read_must_act(text) for text in must_act),
        must_rule=FLAGGED if must_act_flagged else None,
        limits=tuple(read_limit(text) for text in limits),
        works_most=works,
    )


def _told(session: Session, made: PlanSummary) -> dict[str, Any]:
    """Return what the plan did as plain values."""
    from geodata.queries import plans

    plan = plans.find_plan(session, made.hash)
    assert plan is not None, "it was stored in this transaction"
    return {
        "plan": made.hash,
        "cost": made.cost_som,
        "benefit": made.benefit,
        "gap": made.gap,
        "funded": made.funded,
        "is_proven": made.is_proven,
        "is_new": made.is_new,
        "is_superseded": made.is_superseded,
        "paid": [
            {"source": one.source, "year": one.year, "som": one.som}
            for one in plans.spending(session, plan.id)
            if one.source
        ],
        "must_act_left": [
            {"school": one.code, "reason": one.reason, "outcome": one.outcome}
            for one in plans.must_act_schools(session, plan.id)
            if one.outcome != "funded"
        ],
    }


def _lines(made: PlanSummary, found: dict[str, Any]) -> str:
    proven = f"proven within {made.gap:.4%}" if made.is_proven else f"NOT PROVEN: may miss {made.gap:.2%}"
    lines = [f"{made.hash}  {made.funded} schools, {made.cost_som:,} som ({proven})"]
    lines += [f"  {one['year']}  {one['source']}  {one['som']:,} som" for one in found["paid"]]
    lines += [f"  WITHOUT {one['school']}: {one['reason']} ({one['outcome']})" for one in found["must_act_left"]]
    return "\n".join(lines)
