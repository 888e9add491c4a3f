"""The command line: ``scripts/mektep VERB`` or ``python -m scripts VERB``.

A verb is a module with a ``command``; it is imported only when it is called, so that ``--help`` stays quick.
Exit codes: 0 done, 1 the program failed, 2 wrong use or a file refused whole, 3 rows with problems.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

VERBS: dict[str, tuple[str, str]] = {
    "import": ("scripts.import_file", "check and take in a file; undo a batch"),
    "refresh": ("scripts.refresh", "measure hazards at schools and buildings"),
    "field": ("scripts.field", "forms for the field: hand out, take in, read servers"),
    "rank": ("scripts.rank", "make a ranked list and print its hash"),
    "parameters": ("scripts.parameters", "check a parameter table of your own, put it in use, or go back"),
    "priors": ("scripts.priors", "count tables of priors from what is surveyed, and say which one is used"),
    "rescore": ("scripts.rescore", "score the schools as of any day by any edition, and what moved"),
    "reproduce": ("scripts.reproduce", "make a published list again from its kit and compare"),
    "scenario": ("scripts.scenario", "what one earthquake would do to the schools"),
    "allocate": ("scripts.allocate", "choose the best measures within a budget"),
    "chances": ("scripts.chances", "draw a stored plan: how often each school gets money"),
    "sensitivity": ("scripts.sensitivity", "make a stored plan again under other assumptions"),
    "export": ("scripts.export", "write the list in the formats that people use"),
    "demo": ("scripts.demo", "load the synthetic demonstration data"),
    "accounts": ("scripts.accounts", "add, disable and reset accounts"),
    "backup": ("scripts.backup", "write all data into one verified archive"),
    "restore": ("scripts.restore", "load an archive into an empty database, verified"),
    "audit": ("scripts.audit", "verify the chain of what was changed"),
    "read-only": ("scripts.read_only", "let people read but change nothing: on, off, status"),
    "db": ("scripts.db", "migrations: upgrade, status"),
    "worker": ("scripts.worker", "run background jobs (scripts/run starts one)"),
    "bench": ("scripts.bench", "measure speed, one JSON line a figure"),
    "drill": ("scripts.drill", "make faults on scratch data and tell how they were borne"),
}
"""Verb -> (module, what it does)."""


class Verbs(click.Group):
    """A group whose verbs are imported when they are used."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the verbs in the order of ``VERBS``."""
        return list(VERBS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import the verb's module and return its command; None for an unknown verb."""
        if name not in VERBS:
            return None
        command: click.Command = import_module(VERBS[name][0]).command
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing any."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, text) for name, (_, text) in VERBS.items()])


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Koopsuz Mektep: the safety of schools, ranked by priority."""


def run() -> int:
    """Run the command line and return its exit code."""
    from app.workflows.disk_space import is_full
    from geodata.database import is_lost
    from scripts.connection import NotConfiguredError

    try:
        result = main(standalone_mode=False)
    except click.exceptions.Abort:
        print("stopped", file=sys.stderr)
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except NotConfiguredError as error:
        print(error, file=sys.stderr)
        return 2
    except Exception as error:
        if is_full(error):
            print(f"The disk is full, nothing was saved halfway: {str(error).splitlines()[0]}", file=sys.stderr)
            return 1
        if not is_lost(error):
            raise
        print(f"The database does not answer: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    sys.exit(run())
