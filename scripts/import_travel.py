"""``import travel``: take travel times by road from a CSV, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; nothing is stored.")
def travel(file: Path, dry_run: bool) -> int:
    """Travel times by road: code, target, target_name, minutes, km, source, source_date.

    Targets are school (the nearest other one), fire_station and hospital; target_name and km may stay empty.
    A later file replaces the time of the same school and target. Minutes to another school enter the ranking (C7).
    """
    from geodata.queries.travel import known_codes, store_times
    from geodata.readers.travel import TravelProblem, read_travel_times
    from scripts.connection import worker_session

    rows, problems = read_travel_times(file.read_bytes())
    if any(problem.row is None for problem in problems):
        return _tell(problems, 2)
    with worker_session() as session:
        ids = known_codes(session, {row.code for row in rows})
        strange = sorted({row.code for row in rows} - set(ids))
        problems += [TravelProblem(None, "code", f"{code}: no such school") for code in strange]
        if problems:
            return _tell(problems, 3)
        stored = 0 if dry_run else store_times(session, rows, ids)
    if dry_run:
        click.echo(f"{len(rows)} travel times are right; nothing was stored")
        return 0
    click.echo(f"{stored} travel times stored; rank again to let them count")
    return 0


def _tell(problems: list, code: int) -> int:
    for problem in problems:
        click.echo(f"row {problem.row or '-'}, {problem.column or 'file'}: {problem.value!r} is not taken", err=True)
    return code
