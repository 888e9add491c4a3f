"""The package for a competition of shared grants: who may pack it, what can be chosen, and what goes in.

A local body packs for its own territory only: the territory is asked of the database. What the public does not see
never goes in: requirements of the protection group, unpublished evidence, pictures with what the camera wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from app.exports.grant import GrantMoney, GrantPackage, GrantPhoto
from app.exports.measure_words import bundle_text
from app.exports.origins import origin_lines
from app.exports.svg_map import DrawnArea, DrawnSchool, MapDrawing, draw_map
from app.i18n.catalogue import translator
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.workflows.evidence_files import path_of
from app.workflows.revise_errors import OutsideTerritoryError
from geodata.queries import areas, evidence, list_file, map_shapes, plan_items, plans, priorities, revisions, schools
from geodata.readers.grants import read_budget_year, read_grant_fields, read_share_examples
from geodata.records.map_shape import frame_around

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.database import Session
    from geodata.models import Area, Run
    from geodata.records.priority import PriorityRow

WIDTH, HEIGHT, ACROSS_KM = 760, 380, 60.0
OUTLINE_LEVELS = (2, 3)
MOST_PHOTOS, PHOTO_SIDE, PHOTO_QUALITY = 6, 720, 76
LEAST_PCT, MOST_PCT = 0, 90
FIRST_YEAR, LAST_YEAR = 2020, 2060


class GrantError(Exception):
    """Base of what is wrong with the choice of a package."""


class GrantChoiceError(GrantError):
    """The measures, the share or the year cannot be chosen; ``field`` names it."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(f"{field}: {value}")
        self.field = field
        self.value = value


class NotRankedError(GrantError):
    """The school is not in the ranking shown, so that nothing can be said about it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A bundle that a package can be made for; ``plan_hash``: the newest plan seen that funds it."""

    bundle: str
    text: str
    cost_som: int | None
    plan_hash: str | None
    is_draft: bool


@dataclass(frozen=True, slots=True)
class GrantWish:
    """What is asked for: the measures, the own share in whole percent, the year of the works."""

    bundle: str
    own_pct: int
    year: int


def choices(session: Session, run: Run, school_id: int, language: str) -> list[Choice]:
    """Return what a package can be made for, that of the newest plan first; costs of the plan stand before others.

    Raises:
        OutsideTerritoryError: The account neither edits nor publishes at this school.
    """
    if not revisions.rights_at(session, school_id) & {"edit", "publish"}:
        raise OutsideTerritoryError
    newest = plans.newest_item(session, run.id, school_id)
    found: list[Choice] = []
    plan, bundle, cost = newest or (None, None, None)
    if plan is not None and bundle is not None:
        found.append(Choice(bundle, bundle_text(bundle, language), cost, plan.hash, plan.is_draft))
    taken = {one.bundle for one in found}
    return found + [
        Choice(one.bundle, bundle_text(one.bundle, language), one.cost_som, None, is_draft=True)
        for one in plans.offers_of_school(session, run.id, school_id)
        if one.bundle not in taken
    ]


def read_wish(offered: list[Choice], bundle: str, own_pct: str, year: str) -> tuple[Choice, GrantWish]:
    """Return the choice that an address names; empty values take the first choice, the example share, the next year.

    Raises:
        GrantChoiceError: Nothing is offered, or a value cannot be used.
    """
    chosen = next((one for one in offered if not bundle or one.bundle == bundle), None)
    if chosen is None:
        raise GrantChoiceError("bundle", bundle[:60])
    share = own_pct or str(read_share_examples()[0].share_pct)
    if not (share.isascii() and share.isdecimal() and LEAST_PCT <= int(share) <= MOST_PCT):
        raise GrantChoiceError("share", own_pct[:20])
    when = year or str(datetime.now(UTC).year + 1)
    if not (when.isascii() and when.isdecimal() and FIRST_YEAR <= int(when) <= LAST_YEAR):
        raise GrantChoiceError("year", year[:20])
    return chosen, GrantWish(chosen.bundle, int(share), int(when))


def pack_grant(
    session: Session, run: Run, school_code: str, chosen: Choice, wish: GrantWish, language: str, *, address: str
) -> GrantPackage:
    """Return the package without photos; the session's rights were asked by ``choices``.

    Raises:
        NotRankedError: The run does not hold the school.
    """
    school = schools.find_school(session, school_code)
    row = priorities.row_of(session, run.id, school.id) if school else None
    if school is None or row is None:
        raise NotRankedError(school_code)
    path = areas.breadcrumb(session, school.area_id) if school.area_id is not None else []
    say = translator(language)
    return GrantPackage(
        language=language,
        row=row,
        above=[local_name(one, language) for one in path],
        applicant=local_name(path[-1], language) if path else "",
        bundle=wish.bundle,
        money=GrantMoney(chosen.cost_som, wish.own_pct),
        year=wish.year,
        plan_hash=chosen.plan_hash,
        run_hash=run.hash,
        data_date=run.data_date,
        made_on=datetime.now(UTC).date(),
        is_synthetic=run.is_synthetic,
        is_draft=chosen.is_draft,
        domains=schools.domain_results(session, run.id, school.id),
        calendar=read_budget_year(),
        fields=read_grant_fields(),
        examples=read_share_examples(),
        sources=origin_lines(list_file.list_sources(session), say),
        address=address,
        map_svg=_map(session, row, path, language),
    )


def _map(session: Session, row: PriorityRow, path: list[Area], language: str) -> str | None:
    if row.lon is None or row.lat is None:
        return None
    say = translator(language)
    frame = frame_around(row.lon, row.lat, ACROSS_KM, WIDTH, HEIGHT)
    own = path[-1].code if path else None
    x, y = frame.project(row.lon, row.lat)
    outlines = [
        DrawnArea(
            shape.path, None, "", local_name(shape, language), shape.label_x, shape.label_y, is_own=shape.code == own
        )
        for shape in map_shapes.area_shapes(session, frame, OUTLINE_LEVELS, None)
    ]
    return draw_map(
        MapDrawing(
            frame=frame,
            title=say(N_("Surroundings of the point: %(school)s"), school=local_name(row, language)),
            description=say(N_("Map of the surroundings: the ring marks the school")),
            language=language,
            outlines=outlines,
            context=map_shapes.context_shapes(session, frame),
            schools=[DrawnSchool(x, y, row.grade, row.code, is_selected=True)],
            name="grant",
            km=say(N_("km")),
        )
    )


def public_photos(session: Session, school_id: int, folder: Path) -> list[GrantPhoto]:
    """Return the newest public photos, drawn anew and smaller; a file that is not there is left out.

    ``folder`` holds the files of evidence. Only published assessments count, and nothing of the protection group.
    """
    from PIL import Image

    found: list[GrantPhoto] = []
    for one in evidence.of_school(session, school_id, published_only=True):
        path = path_of(folder, one.public_sha256) if one.kind == "photo" and one.public_sha256 else None
        if path is None or not path.is_file():
            continue
        with Image.open(path) as picture:
            small = picture.convert("RGB")
        small.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
        out = BytesIO()
        Image.frombytes("RGB", small.size, small.tobytes()).save(out, "JPEG", quality=PHOTO_QUALITY)
        found.append(GrantPhoto(one.title or "", one.taken_on, out.getvalue()))
        if len(found) == MOST_PHOTOS:
            break
    return found


def own_schools(
    session: Session, run: Run, area: str | None, limit: int, offset: int
) -> tuple[list[plan_items.OwnSchool], int]:
    """Return the schools of the reader's territory by rank, a page of them, and how many there are."""
    total = plan_items.count_own_schools(session, run.id, area)
    return plan_items.own_schools(session, run.id, area, limit, offset), total
