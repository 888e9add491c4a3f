"""Forms for the field as their pages show them: every text in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext

from app.exports.field.words import KINDS
from app.i18n.catalogue import translator
from app.i18n.marks import N_
from app.web.errors import problem_of
from app.web.filters import InvalidFilterError
from app.web.guard import allowed
from app.web.imports.presenters import page_links
from app.web.imports.words import SEVERITY_WORDS
from app.web.language import current_language
from app.workflows.import_options import FileTooLargeError
from app.workflows.repair_submissions import REPAIRABLE, NoSuchSubmissionError
from geodata.queries import areas, field_connections, standard, submissions
from geodata.readers.submissions import read_submission
from geodata.records.field import HEAD, question_of
from geodata.validation.problems import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.models import SubmissionVersion
    from geodata.records.submission import Outcome
    from geodata.records.table import RowProblem

STATUS_WORDS = {
    "taken": N_("Taken in"),
    "refused": N_("Refused, to be set right"),
    "late": N_("Came too late"),
    "set_aside": N_("Set aside"),
}
STATUS_MEANINGS = {
    "taken": N_("Its answers stand in a submitted assessment; somebody else has to verify it."),
    "refused": N_("It is kept as it came, but its newest version does not count. The reasons stand below."),
    "late": N_("The assessment was verified before this version came; the verified answers stay."),
    "set_aside": N_("Somebody decided that it does not count. It stays kept."),
}
COUNT_WORDS = {
    "received": N_("Forms sent"),
    "added": N_("New"),
    "edited": N_("Edited"),
    "unchanged": N_("Known already"),
    "refused": N_("Refused"),
    "late": N_("Too late"),
}
REPAIR_WORDS = {
    "school": N_("Code of the school"),
    "kind": N_("Kind of assessment"),
    "assessed_on": N_("Day of the visit"),
    "assessor": N_("Assessor"),
    "edition": N_("Edition of the standard"),
}
SERVER_KINDS = {"kobo": "KoBoToolbox", "odk": "ODK Central"}
MOST_PROBLEMS, MOST_ANSWERS = 200, 1_500
Page = dict[str, Any]


def index_page(session: Session, error: Exception | None = None) -> Page:
    """Return the choices for a form, and what came back so far."""
    may_import = allowed("import")
    return {
        "editions": standard.list_editions(session),
        "areas": list(areas.names(session, (1, 2, 3)).values()),
        "may_protect": allowed("see_restricted"),
        "may_import": may_import,
        "connections": field_connections.list_connections(session) if may_import else [],
        "kinds": SERVER_KINDS,
        "counts": _counts(session),
        "wrong": problem_of(error) if error else None,
    }


def status_of(error: Exception) -> int:
    """Return the status of a file that could not be taken."""
    return 413 if isinstance(error, FileTooLargeError) else 422


def _counts(session: Session) -> list[Page]:
    counts = submissions.count_by_status(session)
    return [
        {
            "status": status,
            "label": gettext(word),
            "count": counts.get(status, 0),
            "address": url_for("field.submissions", status=status),
        }
        for status, word in STATUS_WORDS.items()
    ]


def taken_page(outcome: Outcome, name: str) -> Page:
    """Return what came of a delivery."""
    return {
        "name": name,
        "is_refused": outcome.received == 0,
        "counts": [(gettext(word), getattr(outcome, key), key) for key, word in COUNT_WORDS.items()],
        "problems": told(outcome.problems[:MOST_PROBLEMS]),
        "more": max(0, len(outcome.problems) - MOST_PROBLEMS),
    }


def told(problems: Sequence[RowProblem]) -> list[Page]:
    """Return problems in words."""
    translate = translator(current_language())
    found = []
    for problem in problems:
        what, remedy = describe(problem, translate)
        word = gettext(SEVERITY_WORDS[problem.severity])
        found.append({"problem": problem, "what": what, "remedy": remedy, "word": word})
    return found


def list_page(session: Session, status: str | None, limit: int, offset: int) -> Page:
    """Return the list of one status, or of all; raises InvalidFilterError for a status that there is not."""
    chosen = status or None
    if chosen is not None and chosen not in STATUS_WORDS:
        raise InvalidFilterError("status", chosen, STATUS_WORDS)
    counts = _counts(session)
    total = sum(one["count"] for one in counts if chosen in (None, one["status"]))
    return {
        "counts": counts,
        "chosen": chosen,
        "total": sum(one["count"] for one in counts),
        "rows": submissions.list_submissions(session, chosen, limit, offset),
        "words": STATUS_WORDS,
        "pager": page_links("field.submissions", {"status": chosen} if chosen else {}, limit, offset, total),
    }


def one_page(session: Session, submission_id: int) -> Page:
    """Return one form; raises ``NoSuchSubmissionError``, for a foreign one too."""
    found = submissions.find_submission(session, submission_id) if submission_id < 2**62 else None
    if found is None:
        raise NoSuchSubmissionError(submission_id)
    versions = submissions.versions(session, submission_id)
    current = next(one for one in versions if one.number == found.version)
    said = read_submission(current.raw, 1)
    return {
        "submission": found,
        "word": gettext(STATUS_WORDS[found.status]),
        "meaning": gettext(STATUS_MEANINGS[found.status]),
        "problems": told(submissions.stored_problems(found.problems)[:MOST_PROBLEMS]),
        "versions": versions,
        "current": current,
        "answers": _answers(current),
        "repairable": [(name, gettext(REPAIR_WORDS[name]), said.values.get(name, "")) for name in REPAIRABLE],
        "kinds": [(key, gettext(word)) for key, word in KINDS.items()],
        "may_change": allowed("import"),
    }


def _answers(version: SubmissionVersion) -> list[tuple[str, str]]:
    """Return question and answer of the form, as it was sent; what servers add stands in the versions."""
    said = read_submission(version.raw, 1)
    rows = [(name, value) for name, value in said.values.items() if name in HEAD or question_of(name)]
    for at, block in enumerate(said.blocks, 1):
        rows += [(f"{name}[{at}]", value) for name, value in block.items()]
    return rows[:MOST_ANSWERS]
