"""``rank``: make a ranked list and print its hash; with an approver, make it the official list."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

    from app.workflows.make_official import Approval

NEEDED = ("approver", "reason", "document")
SAY_WHO = (
    "an official list is decided by a person: name the account with --approver, and give --reason and --document "
    "(the act); or rank without --official and decide on the page of the ranking"
)


@click.command()
@click.option("--scheme", help="a shipped scheme, or code or title of one of the country [default: the official one]")
@click.option(
    "--draws", type=click.IntRange(0, 100_000), help="how often to draw for intervals; 0 = bounds only [default: 1000]"
)
@click.option("--official", is_flag=True, help="make it the official list; needs --approver, --reason and --document")
@click.option("--approver", help="account of who decides; it must rank and publish for the whole country")
@click.option("--reason", help="why this list becomes official")
@click.option("--document", help="title and number of the act")
@click.option("--document-date", type=click.DateTime(["%Y-%m-%d"]), help="day of the act")
@click.option("--document-url", help="address of the act")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(
    scheme: str | None,
    draws: int | None,
    official: bool,
    approver: str | None,
    reason: str | None,
    document: str | None,
    document_date: datetime | None,
    document_url: str | None,
    as_json: bool,
) -> int:
    """Rank every school by how urgently it needs money; the same data, weights and draws give the same hash."""
    from app.prioritisation.errors import PrioritisationError
    from app.workflows.make_official import Approval, OfficialListError
    from app.workflows.rank_schools import NotRankableError

    given = (approver, reason, document)
    if official and not all(given):
        raise click.UsageError(SAY_WHO)
    if any(given) and not official:
        raise click.UsageError("--approver, --reason and --document go with --official")
    day = document_date.date() if document_date else None
    approval = Approval(reason or "", document or "", day, document_url) if official else None
    try:
        found = _rank(scheme, draws, approver or "", approval)
    except (NotRankableError, PrioritisationError) as error:
        click.echo(f"Nothing was ranked: {error or type(error).__doc__}", err=True)
        return 2
    except OfficialListError as error:
        click.echo(f"Nothing was ranked, the list cannot become official: {error or type(error).__doc__}", err=True)
        return 2
    if as_json:
        click.echo(json.dumps(found))
    else:
        state = "new" if found["is_new"] else "the same data as before: nothing new"
        click.echo(f"{found['run']}  {found['ranked']} of {found['schools']} schools ranked ({state})")
        if official:
            click.echo(f"official list, approved by {approver}")
    sys.stdout.flush()
    return 0


def _rank(scheme: str | None, draws: int | None, approver: str, approval: Approval | None) -> dict[str, object]:
    from app.workflows.make_official import ApprovalIncompleteError, approver_of, decide_as, wrong_fields
    from app.workflows.rank_schools import rank_schools
    from scripts.connection import worker_session

    def report(pct: float, step: str) -> None:
        click.echo(f"{pct:3.0f} %  {step}", err=True)

    with worker_session() as session:
        account = approver_of(session, approver) if approval else None
        if approval and (wrong := wrong_fields(approval)):
            raise ApprovalIncompleteError(wrong)
        made = rank_schools(session, scheme, draws=draws, report=report)
        if approval and account:
            decide_as(session, account, made.hash, approval)
    return {"run": made.hash, "schools": made.schools, "ranked": made.ranked, "is_new": made.is_new}
