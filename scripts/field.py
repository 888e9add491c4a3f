"""``field form``: the standard as XLSForm; ``field take FILE``: filled-in forms; ``field read``: from servers."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.i18n.catalogue import translator
from app.i18n.languages import CODES
from app.settings import Settings
from app.workflows.field_connections import server_of
from app.workflows.field_files import form_labels, read_delivery
from app.workflows.field_form import FormError, form_contents, last_answers_file, make_form
from app.workflows.field_photos import keep_photos
from app.workflows.form_server import ServerError, read_server
from app.workflows.take_submissions import COUNTS, take_submissions
from geodata.errors import FileRefusedError
from geodata.queries import field_connections
from geodata.validation.problems import sentence
from scripts.connection import worker_session

if TYPE_CHECKING:
    from geodata.records.submission import Outcome

DONE, FAILED, REFUSED, PROBLEMS = 0, 1, 2, 3
SHOWN_PROBLEMS = 20
LANGUAGE = click.option("--lang", type=click.Choice(CODES), default="en", show_default=True, help="Of messages.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def command() -> None:
    """Forms for KoBoToolbox and ODK Central: hand them out, and take in what was filled in."""


@command.command()
@click.option("--edition", help="Code of the edition; the one in force otherwise.")
@click.option("--area", help="Code of an area; the whole country otherwise.")
@click.option("--protection", is_flag=True, help="The restricted form of the protection group.")
@click.option("--prefilled", is_flag=True, help="Begin with the last answers; writes two CSV files beside the form.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to write.")
def form(edition: str | None, area: str | None, protection: bool, prefilled: bool, folder: Path) -> int:
    """Write the form as XLSX."""
    folder.mkdir(parents=True, exist_ok=True)
    with worker_session() as session:
        try:
            contents = form_contents(
                session, edition_code=edition, area_code=area, is_protected=protection, is_prefilled=prefilled
            )
        except FormError as error:
            print(f"there is nothing of this code: {error}", file=sys.stderr)
            return REFUSED
        name, content = make_form(contents)
        files = {name: content}
        if contents.is_prefilled:
            for which in ("schools", "blocks"):
                rows = last_answers_file(session, contents, area, of_blocks=which == "blocks")
                files[f"last_{which}.csv"] = b"".join(rows)
    for name, content in files.items():
        (folder / name).write_bytes(content)
        print(folder / name)
    return DONE


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@LANGUAGE
@JSON
def take(file: Path, lang: str, as_json: bool) -> int:
    """Take the forms of a file in: JSON of an API, or an export as XLSX or CSV. The same again changes nothing."""
    with worker_session() as session:
        try:
            delivery = read_delivery(file, form_labels(session))
        except FileRefusedError as error:
            print(sentence(error.problem, translator(lang)), file=sys.stderr)
            return REFUSED
        return _tell(take_submissions(session, delivery, file.name), lang, as_json)


@command.command()
@click.argument("number", type=int, required=False)
@LANGUAGE
@JSON
def read(number: int | None, lang: str, as_json: bool) -> int:
    """Read the connected servers (or one by its number) and take in what is there."""
    settings = Settings()
    secrets = settings.field_secrets
    with worker_session() as session:
        found = [one for one in field_connections.list_connections(session) if number in (None, one.id)]
        servers = [(one.id, one.title, server_of(one, secrets)) for one in found if one.is_active]
    worst = DONE
    for connection_id, title, server in servers:
        if server is None:
            print(f"{title}: the settings hold no secret for this server", file=sys.stderr)
            worst = FAILED
            continue
        try:
            delivery = read_server(server)
        except ServerError as error:
            print(f"{title}: {error}", file=sys.stderr)
            worst = FAILED
            continue
        except FileRefusedError as error:
            print(f"{title}: {sentence(error.problem, translator(lang))}", file=sys.stderr)
            worst = FAILED
            continue
        with worker_session() as session:
            outcome = take_submissions(session, delivery, title, connection_id=connection_id)
        with worker_session() as session:
            keep_photos(session, settings.evidence_dir, server, delivery.submissions, outcome.ids)
        told = _tell(outcome, lang, as_json)
        worst = worst or told
    return worst


def _tell(outcome: Outcome, lang: str, as_json: bool) -> int:
    counts = {name: getattr(outcome, name) for name in COUNTS}
    if as_json:
        click.echo(json.dumps(counts | {"problems": [asdict(one) for one in outcome.problems]}, default=str))
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
        for problem in outcome.problems[:SHOWN_PROBLEMS]:
            print(sentence(problem, translator(lang)), file=sys.stderr)
    return PROBLEMS if outcome.refused else DONE
