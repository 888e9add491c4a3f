"""Filled-in forms as the servers send them: KoBoToolbox (API v2) and ODK Central (OData), from the same answers."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from geodata.queries import standard_editions, submissions
from geodata.readers.standard import read_edition
from geodata.records.field import question_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

DAY = "2026-05-02"


def shipped_edition(session: Session) -> str:
    """Add the edition that ships with the project and return the mark that its forms carry."""
    standard_editions.add_edition(session, read_edition())
    editions, _ = submissions.known_editions(session)
    (edition,) = [one for one in editions.values() if one.code == "2026-proposal"]
    return edition.mark


def answered(states: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """Return {question: answer}; ``more`` are further questions such as ``FIRE_05_value``."""
    return {question_name(code): state for code, state in states.items()} | more


def kobo(
    mark: str,
    school: str,
    states: Mapping[str, str],
    *,
    blocks: tuple[dict[str, Any], ...] = (),
    instance: str | None = None,
    replaces: str | None = None,
    root: str | None = None,
    protection: str = "0",
    **more: Any,
) -> dict[str, Any]:
    """Return one result of ``/api/v2/assets/{uid}/data.json``: paths of groups, repeats with whole paths."""
    instance = instance or str(uuid.uuid4())
    head = {"kind": "self", "assessed_on": DAY, "assessor": "Асанова Б.", "area": "none", "school": school}
    head |= {name: more.pop(name) for name in tuple(head) if name in more}
    made: dict[str, Any] = {
        "_id": 1000,
        "formhub/uuid": "f" * 32,
        "start": f"{DAY}T08:00:00.000+06:00",
        "end": f"{DAY}T08:40:00.000+06:00",
        "edition": mark,
        "protection": protection,
        **{f"visit/{name}": value for name, value in head.items()},
        **{f"d_{name[:3]}/g_{name}/{name}": value for name, value in answered(states, **more).items()},
        "__version__": "vTest1",
        "meta/instanceID": f"uuid:{instance}",
        "_xform_id_string": "aTest",
        "_uuid": instance,
        "_attachments": [],
        "_status": "submitted_via_web",
        "_geolocation": [None, None],
        "_submission_time": f"{DAY}T02:45:00",
        "_tags": [],
        "_notes": [],
        "_validation_status": {},
        "_submitted_by": "surveyor",
    }
    if blocks:
        made["block"] = [{f"block/{name}": value for name, value in block.items()} for block in blocks]
    if replaces:
        made["meta/deprecatedID"] = f"uuid:{replaces}"
    if root:
        made["meta/rootUuid"] = f"uuid:{root}"
    return made


def kobo_page(results: list[dict[str, Any]], following: str | None = None, count: int | None = None) -> bytes:
    """Return a page of the API."""
    page = {"count": len(results) if count is None else count, "next": following, "previous": None, "results": results}
    return json.dumps(page).encode()


def odk(
    mark: str,
    school: str,
    states: Mapping[str, str],
    *,
    blocks: tuple[dict[str, Any], ...] = (),
    instance: str | None = None,
    edits: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """Return one entity of ``Submissions?$expand=*``: groups as objects, the repeat as a list."""
    instance = instance or str(uuid.uuid4())
    newest = instance if not edits else str(uuid.uuid5(uuid.NAMESPACE_URL, f"{instance}/{edits}"))
    return {
        "__id": f"uuid:{instance}",
        "__system": {
            "submissionDate": f"{DAY}T02:45:00.000Z", "updatedAt": None, "submitterId": "5",
            "submitterName": "surveyor", "attachmentsPresent": 0, "attachmentsExpected": 0, "status": None,
            "reviewState": None, "deviceId": None, "edits": edits, "formVersion": "v1",
        },
        "start": f"{DAY}T08:00:00.000+06:00",
        "end": f"{DAY}T08:40:00.000+06:00",
        "edition": mark,
        "protection": "0",
        "visit": {"kind": "self", "assessed_on": DAY, "assessor": "Асанова Б.", "area": "none", "school": school},
        "d_all": {f"g_{name}": {name: value} for name, value in answered(states, **more).items()},
        "block@odata.navigationLink": f"Submissions('uuid%3A{instance}')/block",
        "block": [{"__id": f"{instance}-{at}", **block} for at, block in enumerate(blocks)],
        "meta": {"instanceID": f"uuid:{newest}", "instanceName": None},
    }  # fmt: skip


def odk_page(values: list[dict[str, Any]], following: str | None = None) -> bytes:
    """Return a page of OData."""
    page: dict[str, Any] = {"@odata.context": "https://central.test/$metadata#Submissions", "value": values}
    if following:
        page["@odata.nextLink"] = following
    return json.dumps(page, ensure_ascii=False).encode()
