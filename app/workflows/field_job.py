"""Large files of filled-in forms: read and taken in by the worker, with progress."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.workflows.field_files import form_labels, read_delivery
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.take_submissions import take_submissions
from geodata.errors import FileRefusedError

if TYPE_CHECKING:
    from app.workflows.import_options import KeptFile
    from geodata.database import Session

LARGE_BYTES = 1_000_000
"""Files larger than this are taken in by the worker."""
READING, TAKING = N_("Reading the file"), N_("Taking the forms in")
REFUSED = N_("The file holds no list of forms that can be read. Nothing was taken in.")
GONE = N_("The kept file is gone. Send it again: nothing was changed.")


def start_taking(session: Session, kept: KeptFile, *, account_id: int | None) -> str:
    """Let the worker take a kept file in, and return the job's token."""
    params = {"sha256": kept.sha256, "name": kept.name}
    return start_job(
        session, "field_file", params, scope="national", account_id=account_id, lock=f"field file {kept.sha256}"
    )


@job("field_file")
def take_file(context: JobContext, *, sha256: str, name: str) -> str:
    """Take a kept file in; the same again changes nothing."""
    path = Path(context.settings.upload_dir) / sha256
    with context.open_session() as session:
        labels = form_labels(session)
    context.report(5, READING)
    try:
        delivery = read_delivery(path, labels)
    except FileRefusedError as error:
        raise JobFailedError(REFUSED) from error
    except FileNotFoundError as error:
        raise JobFailedError(GONE) from error
    context.report(40, TAKING)
    with context.open_session() as session:
        take_submissions(session, delivery, name)
    return "field/submissions"
