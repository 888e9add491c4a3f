"""A job as its page and its JSON show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext

from app.i18n.formats import format_number
from app.i18n.marks import N_
from app.web.language import current_language
from app.workflows.jobs import result_file

if TYPE_CHECKING:
    from app.settings import Settings
    from geodata.records.job import JobRecord

STATES = {
    "waiting": N_("Waiting for its turn"),
    "running": N_("Working"),
    "done": N_("Done"),
    "failed": N_("Not done"),
}
WORK = {
    "export": N_("The list of schools as a file"),
    "audit": N_("The audit as a file"),
    "import": N_("Data from a file"),
    "field": N_("Forms from a server"),
    "field_file": N_("Forms from a file"),
    "rank": N_("A new ranking of all schools"),
    "allocate": N_("A proven plan for a budget"),
    "sensitivity": N_("A plan under other assumptions"),
    "plan_draws": N_("How often each school gets money"),
    "robustness": N_("A new ranking with the draws of an official list"),
    "kit": N_("The kit of a ranking"),
    "split": N_("Why each school moved, by ranking again"),
    "swings": N_("Which values matter most, by ranking again"),
    "priors": N_("A new table of priors"),
    "ways": N_("Ways from schools by road"),
}
"""What the job makes, for people; jobs of other kinds are not described."""
BACK = {
    "export": ("priorities.index", N_("To the list of schools")),
    "audit": ("audit.index", N_("To the audit")),
    "import": ("imports.index", N_("To the imports")),
    "field": ("field.index", N_("To the forms for the field")),
    "field_file": ("field.index", N_("To the forms for the field")),
    "rank": ("priorities.index", N_("To the list of schools")),
    "allocate": ("money.index", N_("To the budget")),
    "sensitivity": ("money.index", N_("To the budget")),
    "plan_draws": ("money.index", N_("To the budget")),
    "robustness": ("priorities.index", N_("To the list of schools")),
    "kit": ("official.index", N_("To the official lists")),
    "split": ("official.index", N_("To the official lists")),
    "swings": ("official.index", N_("To the official lists")),
    "ways": ("imports.index", N_("To the imports")),
    "priors": ("priors.index", N_("To the tables of priors")),
}
"""Where to go when there is nothing to fetch here."""
LEAST_PROGRESS_PCT, LEAST_SECONDS = 5, 3
"""Before this nothing can be said about the time that is left."""


@dataclass(frozen=True)
class JobPage:
    """What is shown: words are translated, addresses ready to use."""

    token: str
    status: str
    state: str
    work: str
    progress_pct: int
    step: str
    time_left: str
    ahead: int
    error: str
    reference: str
    file_name: str
    file_bytes: int
    download_address: str
    next_address: str
    back: tuple[str, str] | None
    is_over: bool
    poll_address: str

    def as_json(self) -> dict[str, Any]:
        """Return what ``/api/v1/jobs/<token>`` answers."""
        return {
            "token": self.token,
            "status": self.status,
            "state": self.state,
            "progress_pct": self.progress_pct,
            "step": self.step or None,
            "ahead": self.ahead,
            "error": self.error or None,
            "file": {"name": self.file_name, "bytes": self.file_bytes, "href": self.download_address}
            if self.download_address
            else None,
            "next": self.next_address or None,
            "is_over": self.is_over,
        }


def present(record: JobRecord, settings: Settings) -> JobPage:
    """Return the page of a job in the request's language."""
    path = result_file(settings, record)
    next_address = record.result_address
    if record.status == "failed" and record.kind == "import":
        next_address = f"imports/{record.params['batch_id']}"
    language = current_language()
    return JobPage(
        token=record.token,
        status=record.status,
        state=gettext(STATES[record.status]),
        work=gettext(WORK[record.kind]) if record.kind in WORK else "",
        progress_pct=record.progress_pct,
        step=gettext(record.step) if record.step else "",
        time_left=_time_left(record, datetime.now(UTC)),
        ahead=record.ahead,
        error=gettext(record.error) % record.error_params if record.error else "",
        reference=record.token[:8],
        file_name=path.name if path else "",
        file_bytes=path.stat().st_size if path else 0,
        download_address=url_for("jobs.download", token=record.token) if path else "",
        next_address=f"/{language}/{next_address.lstrip('/')}" if next_address else "",
        back=_back(record.kind) if record.is_over else None,
        is_over=record.is_over,
        poll_address=url_for("jobs.progress", token=record.token, lang=language),
    )


def _back(kind: str) -> tuple[str, str] | None:
    """Return the address and the words of the page where such a job is asked for."""
    if kind not in BACK:
        return None
    endpoint, words = BACK[kind]
    return url_for(endpoint, lang=current_language()), gettext(words)


def _time_left(record: JobRecord, now: datetime) -> str:
    """Return in words how long a running job may still take, judged by its pace; empty when that is not known."""
    if record.status != "running" or record.started_at is None or record.progress_pct < LEAST_PROGRESS_PCT:
        return ""
    elapsed_s = (now - record.started_at).total_seconds()
    if elapsed_s < LEAST_SECONDS:
        return ""
    minutes = round(elapsed_s * (100 - record.progress_pct) / record.progress_pct / 60)
    if minutes < 1:
        return gettext("less than a minute left")
    return gettext("about %(count)s min left", count=format_number(minutes, current_language()))
