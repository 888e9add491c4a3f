"""Write the audit to a file: short ones while the reader waits, long ones by a job with the reader's own sight."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from app.exports.audit_list import change_rows, entry_rows, write_csv, write_xlsx
from app.exports.exporter import ListTooLongError
from app.i18n.catalogue import translator
from app.i18n.marks import N_
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from geodata.queries import audit_log
from geodata.queries.audit_records import record_names
from geodata.records.audit import AuditFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from geodata.database import Scope, Session
    from geodata.records.audit import RecordChange

LONGEST_INLINE = 2_000
"""Changes of records that are written while the reader waits; more become a job."""

LINKS_AT_ONCE = 200
CHANGES_AT_ONCE = 2_000
FORMATS = ("csv", "xlsx")


def is_long(session: Session, wanted: AuditFilter) -> bool:
    """Tell whether the file is work for a job."""
    links, records = audit_log.size(session, wanted)
    return max(links, records) > LONGEST_INLINE


def write_audit(
    session: Session,
    wanted: AuditFilter,
    extension: str,
    language: str,
    path: Path,
    report: Callable[[float], None] = lambda share: None,
) -> None:
    """Write what the filter lets through, newest first; ``report`` gets the share that is done, 0..1.

    Raises:
        ListTooLongError: A workbook cannot hold so many rows.
    """
    say = translator(language)
    rows = _rows(session, wanted, language, report)
    if extension == "csv":
        write_csv(rows, path)
    else:
        write_xlsx(rows, path, say)


def _rows(session: Session, wanted: AuditFilter, language: str, report: Callable[[float], None]) -> Iterator[list[str]]:
    say = translator(language)
    links, _records = audit_log.size(session, wanted)
    before, done = None, 0
    while page := audit_log.entries(session, wanted, before=before, limit=LINKS_AT_ONCE, shown=0):
        for entry in page:
            yield from entry_rows(entry, say)
            changes = audit_log.iterate_changes(session, entry.transaction_id, wanted) if entry.records else ()
            for block in _blocks(changes):
                names = record_names(session, {(one.table, one.record_id) for one in block})
                yield from change_rows(entry, block, names, say)
            done += 1
            report(done / max(links, 1))
        before = page[-1].position


def _blocks(changes: Iterable[RecordChange]) -> Iterator[list[RecordChange]]:
    rest = iter(changes)
    while block := list(islice(rest, CHANGES_AT_ONCE)):
        yield block


def start_export(
    session: Session, wanted: AuditFilter, extension: str, language: str, *, scope: Scope, account_id: int | None
) -> str:
    """Queue the writing in the caller's transaction and return the job's token."""
    params = {"wanted": filter_to_json(wanted), "extension": extension, "language": language}
    return start_job(session, "audit", params, scope=scope, account_id=account_id)


@job("audit")
def run_export(context: JobContext, *, wanted: dict[str, Any], extension: str, language: str) -> None:
    """Write a long file in the worker; without the right nothing is in it."""
    path = context.result_path(f"mektep-audit.{extension}")
    with context.open_session() as session:
        try:
            write_audit(
                session,
                filter_from_json(wanted),
                extension,
                language,
                path,
                lambda share: context.report(2 + 96 * share, N_("Writing the list")),
            )
        except ListTooLongError as error:
            raise JobFailedError(
                N_("A workbook holds at most %(limit)s rows; narrow the filter or take CSV."), limit=error.limit
            ) from error


def filter_to_json(wanted: AuditFilter) -> dict[str, Any]:
    """Return the filter as JSON values for a job."""
    return {
        name: value.isoformat() if isinstance(value := getattr(wanted, name), date) else value
        for name in AuditFilter.__dataclass_fields__
    }


def filter_from_json(stored: dict[str, Any]) -> AuditFilter:
    """Return the filter that ``filter_to_json`` stored."""
    days = {name: date.fromisoformat(stored[name]) for name in ("since", "until") if stored.get(name)}
    return AuditFilter(**(stored | days))
