"""The files of evidence, and the page that shows a school's pictures, before and after side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, render_template, send_file

from app.i18n.names import local_name
from app.web.guard import declare_action
from app.web.language import PREFIX, current_language
from app.web.request import current_session
from app.workflows.assess_evidence import may_see_original
from app.workflows.evidence_files import path_of
from geodata.queries import evidence, schools

if TYPE_CHECKING:
    from flask import Response

    from geodata.records.assessing import EvidenceFacts

blueprint = Blueprint("evidence", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")

COPIES = {"thumbnail": "thumbnail_sha256", "shown": "public_sha256"}
POLICY = "default-src 'none'; sandbox"


@blueprint.get("/evidence/<int:evidence_id>/<any(thumbnail, shown, original):copy>")
def file(evidence_id: int, copy: str) -> Response:
    """Return a file; the original, as it was sent, only to who works where it is from."""
    facts = evidence.find(current_session(), evidence_id)
    if facts is None:
        abort(404)
    is_original = copy == "original"
    if is_original and not may_see_original(current_session(), facts):
        abort(404)
    name: str | None = facts.sha256 if is_original else getattr(facts, COPIES[copy])
    path = path_of(current_app.extensions["settings"].evidence_dir, name) if name else None
    if path is None or not path.is_file():
        abort(404)
    kind = facts.media_type if is_original else "image/jpeg"
    response = send_file(path, mimetype=kind, etag=False, conditional=False, as_attachment=is_original,
                         download_name=_download_name(facts))  # fmt: skip
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _download_name(facts: EvidenceFacts) -> str:
    ending = {"application/pdf": "pdf", "image/png": "png", "image/webp": "webp"}.get(facts.media_type, "jpg")
    return f"evidence-{facts.id}.{ending}"


@blueprint.get("/schools/<code>/evidence")
def school(code: str) -> str:
    """Show the pictures of a school's published assessments."""
    found = schools.find_school(current_session(), code)
    if found is None:
        abort(404)
    rows = evidence.of_school(current_session(), found.id, published_only=True)
    by_id = {row.id: row for row in rows}
    paired = {row.before_id for row in rows if row.before_id in by_id}
    page = {
        "school": local_name(found, current_language()) or code,
        "code": code,
        "pairs": [(by_id[row.before_id], row) for row in rows if row.before_id in by_id],
        "single": [row for row in rows if row.kind == "photo" and row.id not in paired and row.before_id not in by_id],
        "documents": [row for row in rows if row.kind == "document"],
    }
    return render_template("evidence/school.html", page=page)
