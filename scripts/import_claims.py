"""``import claims``: take stated numbers into the register from a CSV; nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; nothing is stored.")
def claims(file: Path, dry_run: bool) -> int:
    """Stated numbers: subject, value, three definitions, source, said_on, url."""
    from geodata.queries.claims import add_claims
    from geodata.readers.claims import read_claims
    from scripts.connection import worker_session

    rows, problems = read_claims(file.read_bytes())
    for problem in problems:
        click.echo(f"row {problem.row or '-'}, {problem.column or 'file'}: {problem.value!r} is not taken", err=True)
    if problems:
        return 2 if problems[0].row is None else 3
    if dry_run:
        click.echo(f"{len(rows)} claims are right; nothing was stored")
        return 0
    with worker_session() as session:
        added = add_claims(session, rows)
    click.echo(f"{added} claims added, {len(rows) - added} were there already")
    return 0
