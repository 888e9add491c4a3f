"""``bench``: measure speed and memory, one JSON line a figure, beside the limit or a peer of the same run."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack

import click

from scripts.benches import SIZES, Subject, all_benches
from scripts.benches.place import FOLDER, NoServerError, Place, database


@click.command()
@click.argument("names", nargs=-1)
@click.option("--size", "sizes", type=click.Choice([str(size) for size in SIZES]), multiple=True, help="Schools.")
@click.option("--list", "only_list", is_flag=True, help="List the benches and end.")
@click.option("--keep", is_flag=True, help="Keep the databases of benches for the next time.")
@click.option("--database", "given", help="Take this database (address as the owner role) in place of an own one.")
def command(names: tuple[str, ...], sizes: tuple[str, ...], only_list: bool, keep: bool, given: str | None) -> int:
    """Measure speed; without names everything, at every size that a bench is meant for.

    Benches that need data make a database of their own on the private server, fill it with the synthetic country
    and drop it; peers that are not ours are installed below var/bench.
    """
    benches = all_benches()
    if only_list:
        for name, subject in benches.items():
            print(f"{name:<10} {', '.join(map(str, subject.sizes)):<24} {subject.title}")
        return 0
    unknown = sorted(set(names) - set(benches))
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; see scripts/mektep bench --list", file=sys.stderr)
        return 2
    chosen = {name: benches[name] for name in names or benches}
    try:
        failed = [_measure(size, chosen, keep, given) for size in SIZES if not sizes or str(size) in sizes]
    except NoServerError as error:
        print(str(error), file=sys.stderr)
        return 2
    return 1 if any(failed) else 0


def _measure(size: int, chosen: dict[str, Subject], keep: bool, given: str | None) -> bool:
    """Run the benches that are meant for ``size``, each in a process of its own; True when one failed."""
    meant = {name: subject for name, subject in chosen.items() if size in subject.sizes}
    failed = False
    with ExitStack() as stack:
        place = None
        if any(subject.needs_database for subject in meant.values()):
            place = Place(given, FOLDER / "given") if given else stack.enter_context(database(size, keep))
        for name, subject in meant.items():
            arguments = ["scripts.benches", name, str(size)]
            own = place.command(arguments) if place and subject.needs_database else [sys.executable, "-m", *arguments]
            failed |= subprocess.run(own, check=False).returncode != 0
    return failed
