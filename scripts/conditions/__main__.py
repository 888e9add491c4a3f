"""``python -m scripts.conditions``: drop the conditions of queries one by one below tests, and tell what survived.

python -m scripts.conditions drop tests/geodata tests/app/web/accounts    both goes on where it stopped
python -m scripts.conditions table
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import click

from scripts.conditions import tagging

JOURNAL = tagging.ROOT / "var/conditions.jsonl"
DAMAGED_EXIT = 75


@click.group()
def main() -> None:
    """Drop the conditions of queries one by one and see whether a test notices. No file is changed."""


@main.command()
@click.argument("tests", nargs=-1, required=True)
@click.option("--only", default="", help="Only where file, function or text holds one of these words, by commas.")
@click.option("--guards", is_flag=True, help="Only those that look as if they kept something from somebody.")
@click.option("--again", is_flag=True, help="Also those that survived before.")
@click.option("--most", default=30.0, help="Seconds of tests a condition.")
@click.option("--once", is_flag=True, hidden=True)
def drop(tests: tuple[str, ...], only: str, guards: bool, again: bool, most: float, once: bool) -> None:
    """Run TESTS once, then those that ask a condition without it. MEKTEP_TEST_SERVER: a server for this alone."""
    if not once:
        call = [sys.executable, "-m", "scripts.conditions", "drop", "--once", *sys.argv[2:]]
        while subprocess.run(call, check=False).returncode == DAMAGED_EXIT:
            print("what tests share was damaged; going on with a fresh one", file=sys.stderr)
        return
    import pytest

    conditions = tagging.all_conditions()
    switches = tagging.Switches()
    switches.install(conditions)
    from scripts.conditions.dropping import Dropping, read_journal, still_open

    JOURNAL.parent.mkdir(exist_ok=True)
    dropping = Dropping(conditions, switches, JOURNAL, most)
    dropping.chosen = [
        number
        for number in still_open(conditions, JOURNAL, again)
        if any(word in conditions[number].key for word in only.split(","))
        and (conditions[number].is_guard or not guards)
    ]
    pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests], plugins=[dropping])
    told = Counter(entry["outcome"] for entry in read_journal(JOURNAL).values())
    print(dict(told), file=sys.stderr)
    sys.exit(DAMAGED_EXIT if dropping.is_damaged else 0)


@main.command()
def table() -> None:
    """Print counts by file and the conditions that no test notices."""
    from scripts.conditions.dropping import read_journal

    conditions, known = tagging.all_conditions(), read_journal(JOURNAL)
    counts: dict[str, Counter[str]] = {}
    for one in conditions:
        counts.setdefault(Path(one.path).stem, Counter())[known.get(one.key, {}).get("outcome", "not tried")] += 1
    for name, found in counts.items():
        print(name, *(f"{outcome} {number}" for outcome, number in sorted(found.items())), sep="  ")
    print("all", dict(sum(counts.values(), Counter())))
    for one in conditions:
        entry = known.get(one.key, {})
        if entry.get("outcome") == "survived":
            print(f"{'guard' if one.is_guard else '-':<6}{one.key}  ({entry['tried']} of {entry['asked_by']} tests)")


main()
