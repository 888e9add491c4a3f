"""Fetch the photos that forms name from the forms' own server, and keep them as evidence of the assessment.

A photo is known by its form's id and its name: the same again is fetched once. What is no picture, lies elsewhere or
cannot be fetched is told on the page of the form; the answers stand without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5

from app.workflows import evidence_files, pictures
from app.workflows.form_server import ServerError, fetch, is_own
from geodata.queries import evidence, submissions, writes_submissions
from geodata.records.field import BLOCK_CODE, question_of
from geodata.records.table import RowProblem
from geodata.validation.submissions import code_in_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.workflows.form_server import FormServer
    from geodata.database import Session
    from geodata.queries.submissions import Known
    from geodata.records.submission import RawSubmission

MOST_A_READING = 5_000


@dataclass(frozen=True, slots=True)
class NamedPhoto:
    """A photo that a form names: of which criterion and building, and how its file is called."""

    question: str
    criterion: str
    building: str | None
    name: str


def photos_of(raw: RawSubmission) -> Iterator[NamedPhoto]:
    """Yield the photos that a form names, at the school and in each building."""
    for values in (raw.values, *raw.blocks):
        for question, name in values.items():
            found = question_of(question)
            if found is not None and found[1] == "photo":
                block = values.get(BLOCK_CODE)
                building = (code_in_label(block) or block) if block else None
                yield NamedPhoto(question, found[0], building, name.rsplit("/", 1)[-1])


def address_of(server: FormServer, raw: RawSubmission, photo: NamedPhoto) -> str | None:
    """Return where a photo lies: as KoBoToolbox says, if that is its own server; as ODK Central names it. Else None."""
    if server.kind == "kobo":
        said = next((one.address for one in raw.attachments if one.name == photo.name), None)
        return said if said is not None and is_own(server, said) else None
    project, form = server.form.split("/")
    instance = quote(f"uuid:{raw.instance_id}", safe="")
    return (
        f"{server.origin}/v1/projects/{project}/forms/{quote(form, safe='')}/submissions/{instance}"
        f"/attachments/{quote(photo.name, safe='')}"
    )


def keep_photos(
    session: Session, folder: Path, server: FormServer, raws: Sequence[RawSubmission], changed: Sequence[int]
) -> int:
    """Fetch and keep the photos of forms that were taken in just now (``changed``); return how many."""
    named = [raw.instance_id for raw in raws if raw.instance_id]
    known = submissions.known_submissions(session, named)
    places, (_, numbers) = submissions.known_places(session), submissions.known_editions(session)
    kept, told = 0, dict[int, list[dict[str, Any]]]()
    for raw in raws:
        stored = known.get(raw.instance_id or "")
        if stored is None or stored.id not in changed or stored.status != "taken" or stored.is_protected:
            continue
        criteria = numbers[raw.values["edition"].partition("/")[0]][1]
        for photo in photos_of(raw):
            if kept >= MOST_A_READING or photo.criterion not in criteria:
                continue
            building = places.buildings.get(photo.building or "")
            problem = _keep(session, folder, server, raw, photo, stored, criteria[photo.criterion], building)
            if problem is None:
                kept += 1
            else:
                told.setdefault(stored.id, []).append(submissions.problem_json(problem))
    writes_submissions.add_problems(session, told)
    return kept


def _keep(
    session: Session,
    folder: Path,
    server: FormServer,
    raw: RawSubmission,
    photo: NamedPhoto,
    stored: Known,
    criterion_id: int,
    building_id: int | None,
) -> RowProblem | None:
    """Keep one photo, or return why not."""
    key: UUID = uuid5(NAMESPACE_URL, f"{raw.instance_id}/{photo.question}/{photo.building}/{photo.name}")
    if stored.assessment_id is None or evidence.by_key(session, key) is not None:
        return None
    address = address_of(server, raw, photo)
    if address is None:
        return RowProblem(raw.row, photo.question, photo.name, "photo_elsewhere", "warning")
    try:
        data = fetch(server, address, pictures.LARGEST_PHOTO)
    except ServerError:
        return RowProblem(raw.row, photo.question, photo.name, "photo_missing", "warning")
    try:
        judged = pictures.judge(data)
    except pictures.PictureError:
        return RowProblem(raw.row, photo.question, photo.name, "photo_not_picture", "warning")
    copies = (judged.original, judged.shown, judged.thumbnail)
    hashes = [None if one is None else evidence_files.keep(folder, one) for one in copies]
    content = {
        "kind": judged.kind,
        "media_type": judged.media_type,
        "taken_on": raw.values.get("assessed_on"),
        "title": None,
        "before_id": None,
        "sha256": hashes[0],
        "byte_count": len(data),
        "public_sha256": hashes[1],
        "thumbnail_sha256": hashes[2],
        "width": judged.width,
        "height": judged.height,
    }
    evidence.add(session, key, stored.assessment_id, criterion_id, building_id, content, is_protected=False)
    return None
