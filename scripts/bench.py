"""``bench``: measure speed and memory, one JSON line a figure, beside the limit or a peer of the same run."""

from __future__ import annotations

import subprocess
import sys

import click

from scripts.benches import SIZES, all_benches


@click.command()
@click.argument("names", nargs=-1)
@click.option("--size", "sizes", type=click.Choice([str(size) for size in SIZES]), multiple=True, help="Schools.")
@click.option("--list", "only_list", is_flag=True, help="List the benches and end.")
def command(names: tuple[str, ...], sizes: tuple[str, ...], only_list: bool) -> int:
    """Measure speed; without names everything, at every size that a bench is meant for."""
    benches = all_benches()
    if only_list:
        for name, (function, meant) in benches.items():
            print(f"{name:<12} {', '.join(map(str, meant)):<24} {(function.__doc__ or '').splitlines()[0]}")
        return 0
    unknown = sorted(set(names) - set(benches))
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; see scripts/mektep bench --list", file=sys.stderr)
        return 2
    worst = 0
    for name in names or benches:
        for size in benches[name][1]:
            if not sizes or str(size) in sizes:
                done = subprocess.run([sys.executable, "-m", "scripts.benches", name, str(size)], check=False)
                worst = max(worst, 1 if done.returncode else 0)
    return worst
