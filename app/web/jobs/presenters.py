"""A job as its page and its JSON show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext

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


@dataclass(frozen=True)
class JobPage:
    """What is shown: words are translated, addresses ready to use."""

    token: str
    status: str
    state: str
    progress_pct: int
    step: str
    ahead: int
    error: str
    reference: str
    file_name: str
    file_bytes: int
    download_address: str
    next_address: str
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
        progress_pct=record.progress_pct,
        step=gettext(record.step) if record.step else "",
        ahead=record.ahead,
        error=gettext(record.error) % record.error_params if record.error else "",
        reference=record.token[:8],
        file_name=path.name if path else "",
        file_bytes=path.stat().st_size if path else 0,
        download_address=url_for("jobs.download", token=record.token) if path else "",
        next_address=f"/{language}/{next_address.lstrip('/')}" if next_address else "",
        is_over=record.is_over,
        poll_address=url_for("jobs.progress", token=record.token, lang=language),
    )
