"""``audit verify``: read the chain of the audit and say whether it holds."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from geodata.queries.audit_chain import Verdict, verify_chain
from scripts.connection import worker_session


@click.group()
def command() -> None:
    """What was changed, by whom and why, in a chain that shows tampering."""


@command.command()
@click.option("--expect", "expected", multiple=True, metavar="HASH", help="A hash noted earlier; must be in the chain.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(expected: tuple[str, ...], as_json: bool) -> int:
    """Compute every hash of the chain again; exit 1 at the first that does not hold.

    Note the newest hash outside the database now and then, and give it with --expect later: that alone shows that
    nobody cut off the end of the chain or wrote all of it anew.
    """
    with worker_session() as session:
        verdict = verify_chain(session, [one.strip().lower() for one in expected])
    click.echo(json.dumps(asdict(verdict) | {"holds": verdict.holds}) if as_json else _in_words(verdict))
    return 0 if verdict.holds else 1


def _in_words(verdict: Verdict) -> str:
    newest = f"{verdict.links:,} links, newest hash {verdict.head or '(none)'}"
    match verdict.fault:
        case None:
            return f"The audit holds: {newest}"
        case "missing link":
            return f"BROKEN: link {verdict.position} is missing; before it {newest}"
        case "changed content":
            return f"BROKEN: link {verdict.position} or what it covers was changed; before it {newest}"
        case "outside the chain":
            return f"BROKEN: {verdict.record} is covered by no link; {newest}"
        case "expected hash not found":
            return f"BROKEN: no link has the hash {verdict.record}: the end was cut off or rewritten; {newest}"
