"""Write the ranked list to a file: the same rows as the page, the filter in words, the run's hash.

Short lists are written while the reader waits, long ones by a job; both call ``write_list``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.exports.columns import KEYS
from app.exports.document import ListDocument, Report, no_report
from app.exports.exporter import Exporter, ListTooLongError, file_name, find_exporter, write_file
from app.exports.filter_words import filter_words
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.queue_standing import ask_queue
from app.workflows.run_formula import formula_of
from geodata.queries import list_file
from geodata.queries.areas import country, find_area
from geodata.queries.list_areas import map_areas, map_waters
from geodata.queries.priorities import count_rows
from geodata.queries.runs import published_run
from geodata.queries.standard import domains, edition_by_id
from geodata.records.priority import ListFilter

if TYPE_CHECKING:
    from geodata.database import Scope, Session
    from geodata.models import Run

LONGEST_INLINE = 20_000
"""Rows that are written while the reader waits; more become a job."""
SLOW_FORMATS = {"html": 5_000, "pdf": 1_000}
"""Formats that cost more a row become jobs earlier."""


class RunNotFoundError(Exception):
    """There is no such run, or the reader may not see it."""


class AreaNotFoundError(Exception):
    """No area has this code."""


def find_run(session: Session, run_hash: str | None) -> Run:
    """Return the published run, or the one of ``run_hash``; raises RunNotFoundError."""
    run = published_run(session, run_hash)
    if run is None:
        raise RunNotFoundError(run_hash or "")
    return run


def is_long(key: str, count: int) -> bool:
    """Tell whether a list of ``count`` schools in this format is work for a job."""
    return count > SLOW_FORMATS.get(key, LONGEST_INLINE)


def describe_list(
    session: Session, run: Run, wanted: ListFilter, language: str, *, address: str | None = None
) -> ListDocument:
    """Return what an exporter needs; the rows are read when it asks for them, in this session.

    Raises:
        AreaNotFoundError: The filter names an area that does not exist.
    """
    area = find_area(session, wanted.area) if wanted.area else country(session)
    if area is None and wanted.area:
        raise AreaNotFoundError(wanted.area)
    places = list_file.place_names(session, language)
    edition = edition_by_id(session, run.edition_id)
    names = {domain.code: local_name(domain, language) for domain in domains(session, run.edition_id)}
    run_id, run_hash, data_date = run.id, run.hash, run.data_date

    def lines(guarded: bool, with_run: bool) -> Iterator[bytes]:
        constants = (run_hash, data_date.isoformat()) if with_run else ()
        return list_file.copy_list(
            session, run_id, wanted, KEYS, language=language, guarded=guarded, constants=constants
        )

    return ListDocument(
        run_hash=run_hash,
        data_date=data_date,
        made_on=datetime.now(UTC).date(),
        scheme=run.scheme,
        edition=f"{local_name(edition, language, 'title')} ({edition.code})" if edition else "",
        code_version=run.code_version,
        is_synthetic=run.is_synthetic,
        language=language,
        area_code=wanted.area,
        area_name=local_name(area, language) if area is not None else "",
        filter_words=filter_words(wanted, language, places, names),
        count=count_rows(session, run_id, wanted),
        sources=tuple(list_file.list_sources(session)),
        address=address,
        lines=lines,
        shapes=lambda: map_areas(
            session, run_id, area.id if area else None, fine=bool(area and area.level > 0), on=wanted.date
        ),
        formula=formula_of(run),
        waters=lambda: map_waters(session, area.id if area else None),
    )


def write_list(
    session: Session,
    run: Run,
    wanted: ListFilter,
    exporter: Exporter,
    language: str,
    path: Path,
    *,
    address: str | None = None,
    report: Report = no_report,
) -> ListDocument:
    """Write the list to ``path`` and return what was written.

    Raises:
        AreaNotFoundError, ListTooLongError: Nothing is written.
    """
    document = replace(describe_list(session, run, wanted, language, address=address), report=report)
    write_file(exporter, document, path)
    return document


def start_export(
    session: Session,
    key: str,
    language: str,
    run_hash: str,
    wanted: ListFilter,
    *,
    address: str | None,
    scope: Scope,
    account_id: int | None,
) -> str:
    """Queue the writing of a long list in the caller's transaction and return the job's token.

    Raises:
        JobRunningError: The same reader waits for the same file already.
    """
    params = {
        "key": key,
        "language": language,
        "run_hash": run_hash,
        "wanted": filter_to_json(wanted),
        "address": address,
    }
    lock = None
    if account_id is not None:
        lock = f"export:{account_id}:" + sha256(repr(sorted(params.items())).encode()).hexdigest()[:24]
    return start_job(session, "export", params, scope=scope, account_id=account_id, lock=lock)


@job("export")
def run_export(
    context: JobContext, *, key: str, language: str, run_hash: str, wanted: dict[str, Any], address: str | None = None
) -> None:
    """Write a long list in the worker, with the sight of who asked for it."""
    exporter = find_exporter(key)
    chosen = filter_from_json(wanted)
    with context.open_session() as session:
        run = published_run(session, run_hash)
        if run is None:
            raise JobFailedError(N_("This ranking is no longer published."))
        chosen = ask_queue(session, run.id, chosen)
        document = describe_list(session, run, chosen, language, address=address)
        name = file_name(document, key)
        try:
            write_list(
                session,
                run,
                chosen,
                exporter,
                language,
                context.result_path(name),
                address=address,
                report=lambda share: context.report(5 + 90 * share, N_("Writing the list")),
            )
        except ListTooLongError as error:
            message = N_("This format holds at most %(limit)s schools; narrow the filter or take another format.")
            raise JobFailedError(message, limit=error.limit) from error


def filter_to_json(wanted: ListFilter) -> dict[str, Any]:
    """Return the filter as JSON values for a job, which asks for the schools of a queue itself."""
    return {
        "area": wanted.area,
        "q": wanted.q,
        "grades": list(wanted.grades),
        "confidence": list(wanted.confidence),
        "ownership": list(wanted.ownership),
        "hazard": wanted.hazard,
        "hazard_level": wanted.hazard_level,
        "domain": wanted.domain,
        "plan": wanted.plan,
        "funded": wanted.funded,
        "queue": wanted.queue,
        "date": wanted.date.isoformat() if wanted.date else None,
        "sort": wanted.sort,
        "descending": wanted.descending,
    }


def filter_from_json(stored: dict[str, Any]) -> ListFilter:
    """Return the filter that ``filter_to_json`` stored."""
    day = stored.get("date")
    lists = {name: tuple(stored[name]) for name in ("grades", "confidence", "ownership")}
    return ListFilter(**(stored | lists | {"date": date.fromisoformat(day) if day else None}))
