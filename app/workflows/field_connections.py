"""Say which servers forms are read from, and read them.

An administrator names the server; the installation's settings hold its secret, and without one no server is asked:
two people must agree before this system opens an address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.i18n.marks import N_
from app.workflows.field_photos import keep_photos
from app.workflows.form_server import FormServer, ServerError, checked_origin, is_form, read_server
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.take_submissions import COUNTS, take_submissions
from geodata.database import ACCOUNT_KEY
from geodata.errors import FileRefusedError
from geodata.queries import audit, field_connections, imports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.database import Session
    from geodata.models import FieldConnection

READING, TAKING, PHOTOS = N_("Reading from the server"), N_("Taking the forms in"), N_("Fetching photos")
NO_LIST = N_("The server sent no list of forms. Nothing was taken in.")
NO_SECRET = N_("The settings of this installation hold no secret for this server. Nothing was read.")
LONGEST_TITLE = 120


class FieldConnectionError(Exception):
    """Base of every error of connections; ``field`` names what is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class InvalidConnectionError(FieldConnectionError):
    """A field cannot be used, or the server has no secret in the settings."""


class NoSuchConnectionError(FieldConnectionError):
    """There is none, or who asks may not see it."""


def connect(
    session: Session, *, title: str, kind: str, address: str, form: str, secrets: Mapping[str, str]
) -> FieldConnection:
    """Add a connection to a form; its server must be one that the settings hold a secret for.

    Raises:
        AddressRefusedError: Not https, or no address.
        InvalidConnectionError: Title, kind or form cannot be used, or the form is connected already.
    """
    origin, title, form = checked_origin(address), title.strip(), form.strip()
    if not 0 < len(title) <= LONGEST_TITLE:
        raise InvalidConnectionError("title")
    if not is_form(kind, form):
        raise InvalidConnectionError("form")
    if origin not in secrets:
        raise InvalidConnectionError("secret")
    if field_connections.same_form(session, origin, form) is not None:
        raise InvalidConnectionError("same")
    made = field_connections.add_connection(
        session, title=title, kind=kind, origin=origin, form=form, created_by=session.info.get(ACCOUNT_KEY)
    )
    audit.record(session, "field:connected", subject=str(made.id), details={"origin": origin, "form": form})
    return made


def disconnect(session: Session, connection_id: int) -> None:
    """Remove a connection; what came over it stays."""
    found = _find(session, connection_id)
    audit.record(session, "field:disconnected", subject=str(found.id), details={"origin": found.origin})
    field_connections.remove_connection(session, connection_id)


def start_reading(session: Session, connection_id: int, *, account_id: int | None) -> str:
    """Let the worker read a server and return the job's token; raises ``JobRunningError`` while it does so already."""
    found = _find(session, connection_id)
    params = {"connection_id": found.id}
    return start_job(
        session, "field", params, scope="national", account_id=account_id, lock=f"field connection {found.id}"
    )


@job("field")
def read_connection(context: JobContext, *, connection_id: int) -> str:
    """Read a server and take in what is there; the same again changes nothing."""
    with context.open_session() as session:
        found = _find(session, connection_id)
        server = server_of(found, context.settings.field_secrets)
        title = found.title
    if server is None:
        raise JobFailedError(NO_SECRET)
    context.report(5, READING)
    try:
        delivery = read_server(server)
    except ServerError as error:
        raise JobFailedError(error.message, **error.params) from error
    except FileRefusedError as error:
        raise JobFailedError(NO_LIST) from error
    context.report(60, TAKING)
    with context.open_session() as session:
        outcome = take_submissions(session, delivery, title, connection_id=connection_id)
        counts: dict[str, Any] = {name: getattr(outcome, name) for name in COUNTS}
    context.report(80, PHOTOS)
    with context.open_session() as session:
        folder = context.settings.evidence_dir
        counts["photos"] = keep_photos(session, folder, server, delivery.submissions, outcome.ids)
        field_connections.note_reading(session, connection_id, counts | {"on": imports.today(session).isoformat()})
    return "field/submissions"


def server_of(connection: FieldConnection, secrets: Mapping[str, str]) -> FormServer | None:
    """Return where to read; None without a secret for it."""
    secret = secrets.get(connection.origin)
    if not secret:
        return None
    return FormServer(connection.kind, connection.origin, connection.form, secret)


def _find(session: Session, connection_id: int) -> FieldConnection:
    found = field_connections.find_connection(session, connection_id)
    if found is None:
        raise NoSuchConnectionError("connection")
    return found
