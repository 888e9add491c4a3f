"""``import KIND FILE`` (areas, schools, answers, roads ...), ``import hazard CODE FILE``, ``import undo BATCH``."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.i18n.catalogue import translator
from app.i18n.languages import CODES
from app.settings import Settings
from app.workflows.import_file import check_file, import_at_once, undo_batch
from app.workflows.import_options import (
    BatchStateError,
    DataChangedError,
    FileTooLargeError,
    Folders,
    ImportOptions,
    ProblemsRemainError,
    UndoRefusedError,
    UnknownBatchError,
    UnknownHazardError,
    keep_file,
)
from geodata.queries import imports
from geodata.validation.problems import describe
from scripts.connection import worker_session
from scripts.import_claims import claims
from scripts.import_travel import travel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geodata.database import Session
    from geodata.records.imports import ImportSummary
    from geodata.records.table import RowProblem

DONE, REFUSED, PROBLEMS = 0, 2, 3
SHOWN_PROBLEMS = 20

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
CHOICES = (
    click.option("--dry-run", is_flag=True, help="Check only; nothing is taken in."),
    click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="What a column holds; repeatable."),
    click.option("--sheet", help="Sheet of a workbook; the first visible one otherwise."),
    click.option("--layer", help="Layer of a GeoPackage or an archive; the first one otherwise."),
    click.option("--encoding", help="Encoding of the text; told from the file otherwise."),
    click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="Areas: the day from which the map holds."),
    click.option("--date", "assessed_on", type=click.DateTime(["%Y-%m-%d"]), help="Answers: the day of the visits."),
    click.option("--source", help="Who made the data."),
    click.option("--licence", help="Under which licence they may be used."),
    click.option("--synthetic", is_flag=True, help="Mark the records as made up."),
    click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write all problems as CSV."),
    click.option("--accept-good-rows", is_flag=True, help="Take the good rows in although others are refused."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
    click.option("--lang", type=click.Choice(CODES), default="en", show_default=True, help="Language of messages."),
)


def _with_choices(function: Callable) -> Callable:
    for option in reversed(CHOICES):
        function = option(function)
    return function


@click.group()
def command() -> None:
    """Check a file and take it in; take a batch back."""


def _kind_command(kind: str) -> None:
    @command.command(kind, help=f"Import {kind} from FILE (CSV, XLSX, ODS, GeoJSON, GeoPackage, zipped Shapefile).")
    @FILE
    @_with_choices
    def run(file: Path, **choices: Any) -> int:
        return _import(kind, None, file, choices)


for _kind in ("areas", "schools", "buildings", "answers", "roads", "services", "standard"):
    _kind_command(_kind)


command.add_command(claims)
command.add_command(travel)


@command.command()
@click.argument("code")
@FILE
@_with_choices
def hazard(code: str, file: Path, **choices: Any) -> int:
    """Import the data of the hazard layer CODE from FILE (also GeoTIFF); its exposure is measured anew."""
    return _import("hazard", code, file, choices)


@command.command()
@click.argument("batch", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def undo(batch: int, as_json: bool) -> int:
    """Take BATCH back: restore what it changed, remove what it added."""
    settings = Settings()
    with worker_session() as session:
        try:
            summary = undo_batch(session, batch, _folders(settings))
        except UnknownBatchError:
            return _fail(f"there is no batch {batch}")
        except BatchStateError as error:
            return _fail(f"batch {batch} is {error.summary.status}, it cannot be taken back")
        except UndoRefusedError as error:
            found = [f"{one.kind} {one.reference} ({one.count} records)" for one in error.obstacles]
            return _fail(f"batch {batch} stays: later work rests on it: " + "; ".join(found))
    click.echo(json.dumps({"batch": batch, "status": summary.status}) if as_json else f"Batch {batch} is taken back.")
    return DONE


def _import(kind: str, code: str | None, file: Path, choices: dict[str, Any]) -> int:
    settings = Settings()
    try:
        options = _options(kind, code, choices)
        kept = keep_file(settings.upload_dir, file, file.name)
    except (ValueError, FileTooLargeError) as error:
        return _fail(str(error))
    with worker_session() as session, _progress(choices["lang"]) as report:
        try:
            if choices["dry_run"]:
                summary = check_file(session, kept, options, report=report)
            else:
                summary = import_at_once(
                    session,
                    kept,
                    options,
                    _folders(settings),
                    accept_good_rows=choices["accept_good_rows"],
                    report=report,
                )
        except UnknownHazardError:
            return _fail(f"there is no hazard layer {code}; see layers/catalogue")
        except DataChangedError as error:
            return _fail(f"{error}; run the import again")
        except ProblemsRemainError as error:
            summary = error.summary
        _tell(session, summary, choices)
    if summary.status == "refused":
        return REFUSED
    needs_consent = summary.refused and not choices["accept_good_rows"]
    return PROBLEMS if needs_consent else DONE


def _options(kind: str, code: str | None, choices: dict[str, Any]) -> ImportOptions:
    pairs = [pair.rpartition("=") for pair in choices["maps"]]
    wrong = [pair for pair, (_, equals, _) in zip(choices["maps"], pairs, strict=True) if not equals]
    if wrong:
        raise ValueError(f"--map {wrong[0]}: write it as COLUMN=FIELD")
    return ImportOptions(
        kind,  # type: ignore[arg-type]
        code,
        choices["sheet"],
        choices["layer"],
        choices["encoding"],
        tuple((column, field) for column, _, field in pairs),
        _day(choices["valid_from"]),
        choices["source"],
        choices["licence"],
        _day(choices["assessed_on"]),
        choices["synthetic"],
    )


def _day(moment: Any) -> date | None:
    return moment.date() if moment else None


def _folders(settings: Settings) -> Folders:
    return Folders(settings.upload_dir, settings.geodata_dir)


def _fail(message: str) -> int:
    click.echo(message, err=True)
    return REFUSED


@contextmanager
def _progress(language: str) -> Iterator[Callable[[float, str], None]]:
    """Yield a report callback: one line that is overwritten on a terminal, plain lines elsewhere."""
    translate = translator(language)
    is_terminal = sys.stderr.isatty()

    def report(pct: float, step: str) -> None:
        line = f"{pct:3.0f} %  {translate(step)}"
        click.echo(f"\r{line:<70}" if is_terminal else line, err=True, nl=not is_terminal)

    yield report
    if is_terminal:
        click.echo("\r" + " " * 70 + "\r", err=True, nl=False)


def _tell(session: Session, summary: ImportSummary, choices: dict[str, Any]) -> None:
    translate = translator(choices["lang"])
    told = imports.count_problems(session, summary.id)
    if choices["report"]:
        _write_report(choices["report"], imports.iterate_problems(session, summary.id), translate)
    if choices["as_json"]:
        click.echo(json.dumps(_as_json(session, summary, translate), ensure_ascii=False))
    else:
        for problem in imports.problems(session, summary.id, SHOWN_PROBLEMS):
            click.echo(_line(problem, translate), err=True)
        if sum(told.values()) > SHOWN_PROBLEMS:
            click.echo(f"... {sum(told.values()) - SHOWN_PROBLEMS} more; --report FILE lists all", err=True)
        click.echo(
            f"Batch {summary.id} ({summary.status}): added {summary.added}, changed {summary.changed}, "
            f"unchanged {summary.unchanged}, refused {summary.refused}"
            + (f", left out {summary.left_out}" if summary.left_out else "")
        )
    if summary.status == "refused":
        click.echo("The file is refused whole; nothing was changed.", err=True)
    elif summary.refused and not choices["accept_good_rows"] and not choices["dry_run"]:
        click.echo("Nothing was changed. Correct the rows, or add --accept-good-rows.", err=True)


def _as_json(session: Session, summary: ImportSummary, translate: Callable[..., str]) -> dict[str, Any]:
    return {
        "batch": summary.id,
        "status": summary.status,
        "rows": summary.rows,
        "added": summary.added,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "refused": summary.refused,
        "left_out": summary.left_out,
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "value": problem.value,
                "code": problem.code,
                "severity": problem.severity,
                "message": " ".join(describe(problem, translate)),
            }
            for problem in imports.iterate_problems(session, summary.id)
        ],
    }


def _line(problem: RowProblem, translate: Callable[..., str]) -> str:
    place = [f"row {problem.row}" if problem.row is not None else "file", problem.column or ""]
    what, remedy = describe(problem, translate)
    return f"{problem.severity}: {', '.join(part for part in place if part)}: {what} {remedy}"


def _write_report(path: Path, problems: Iterator[RowProblem], translate: Callable[..., str]) -> None:
    from app.exports.problem_list import problem_rows

    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(problem_rows(problems, translate))
