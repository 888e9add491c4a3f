"""``reproduce``: make a published list again from its kit, and compare byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("kit", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(kit: Path, as_json: bool) -> int:
    """Compute the list of KIT again, without a database; exit 1 is an alarm: the lists are not the same."""
    from app.workflows.kit_format import KitAlteredError, KitRefusedError, OtherMethodError
    from app.workflows.reproduce_kit import reproduce

    try:
        made = reproduce(kit)
    except (KitRefusedError, OtherMethodError) as error:
        click.echo(f"Refused: {error}", err=True)
        return 2
    except KitAlteredError as error:
        click.echo(f"ALARM: {error}", err=True)
        return 1
    if not made.is_same_code:
        click.echo("The kit was made by another version of the program; its rules may differ.", err=True)
    if as_json:
        found = {"run": made.run_hash, "schools": made.schools, "same": made.difference is None}
        click.echo(json.dumps(found | {"same_code": made.is_same_code, "difference": made.difference}))
    elif made.difference is None:
        click.echo(f"{made.run_hash}  {made.schools} schools: the same list, byte for byte")
    if made.difference is not None:
        click.echo(f"ALARM: the list of {made.run_hash} does not come out of its inputs: {made.difference}", err=True)
        return 1
    return 0
