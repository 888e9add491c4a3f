"""Canaries: in three territories everything that is not public, and what only the whole country's readers see.

Each planted text is ``<what>-<where>-q7zx``: what a leak holds says where it comes from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import text

from geodata.database import set_scope
from geodata.models import (
    Answer,
    AnswerChange,
    Area,
    AreaResult,
    Assessment,
    AssessorLevel,
    AuditEvent,
    Building,
    BuildingResult,
    BuildingScreening,
    BuildingSurvey,
    BundleResult,
    Campaign,
    CampaignVisit,
    Criterion,
    DomainResult,
    Evidence,
    Exposure,
    ExposureRun,
    FieldConnection,
    HazardFeature,
    HazardLayer,
    ImportBatch,
    ImportProblem,
    ImportRow,
    Plan,
    PlanItem,
    Reading,
    RestrictedAnswer,
    Revision,
    Road,
    Run,
    Scenario,
    School,
    SchoolArea,
    SchoolCode,
    SchoolContact,
    Submission,
    SubmissionVersion,
    TilePyramid,
    TravelLayer,
    WeightScheme,
)
from geodata.queries.audit import give_reason
from tests.factories.areas import make_area
from tests.factories.ranked_country import BOX, FIGURES, RankedCountry, make_ranked_country
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school
from tests.support.auditing import seal
from tests.support.rights import EVERYTHING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CANARY = "q7zx"
FORM = re.compile(rf"[a-z_]+-[a-z]+-{CANARY}")
OWN, NEAR, FAR, STATE = "own", "near", "far", "state"
"""Own aimak; another rayon of the same oblast; another oblast; what belongs to no territory."""

OF_OPEN_SCHOOL = (
    "visit", "answer", "revision", "sent", "picture", "change", "step", "reading", "campaign", "visited", "phone",
)  # fmt: skip
UNPUBLISHED = ("school", "code", "alias", "building", "survey", *OF_OPEN_SCHOOL)
AUDITED = (
    "school",
    "code",
    "alias",
    "building",
    "survey",
    "survey_draft",
    "visit",
    "answer",
    "reading",
    "campaign",
    "phone",
)
"""What a difference of the audit holds of each place; of answers of the protection group that they changed."""
AUTHOR = 424242
"""The account that drafts; nobody else's."""
SHARES = [Decimal(share) for share in ("0.3", "0.15", "0.08", "0.2", "0.1", "0.07", "0.05", "0.05")]
LINE = "SRID=4326;LINESTRING(74.6 42.87, 74.7 42.87)"
POLYGON = "SRID=4326;POLYGON((74 42, 76 42, 76 43, 74 43, 74 42))"


def mark(what: str, where: str) -> str:
    """Return the text that is planted."""
    return f"{what}-{where}-{CANARY}"


def marks_in(text: str) -> set[str]:
    """Return the planted texts that ``text`` holds."""
    return set(FORM.findall(text))


@dataclass
class Place:
    """One territory: its units, a published school and one that is not."""

    oblast: Area
    rayon: Area
    aimak: Area
    school: School
    hidden: School


@dataclass
class Country:
    """The ranked country with its three territories."""

    ranked: RankedCountry
    places: dict[str, Place]
    batch: ImportBatch
    changes: tuple[str, ...]
    """Numbers of the revisions, drafts too."""
    link: int
    """The link of the audit that holds what was planted."""
    evidence: tuple[str, ...]
    """Numbers of all pictures, of drafts and protected ones too."""
    visits: tuple[str, ...]
    """Numbers of all assessments, drafts too."""
    campaigns: tuple[str, ...]
    submissions: tuple[str, ...]
    """Forms from the field."""
    surveys: tuple[str, ...]
    """Surveys of buildings, drafts too."""


def plant(session: Session) -> Country:
    """Add the country and everything that is to be found in it by nobody who may not."""
    ranked = make_ranked_country(session)
    rayon = make_area(session, 2, parent=ranked.oblast, box=BOX, name_ky="Ат-Башы району")
    other = make_area(session, 1, parent=ranked.country, box=BOX, name_ky="Талас облусу")
    units = {
        OWN: (ranked.oblast, ranked.rayon, ranked.aimak),
        NEAR: (ranked.oblast, rayon, make_area(session, 3, parent=rayon, box=BOX, name_ky="Казыбек айыл аймагы")),
        FAR: _branch(session, other),
    }
    places = {where: _plant_place(session, ranked, where, *three) for where, three in units.items()}
    session.execute(text("SELECT store_protection(:run, ARRAY['SEC-01'], 10)"), {"run": ranked.run.id})
    changes = _plant_revisions(session, places)
    batch = _plant_state(session, ranked)
    seal(session)
    link = session.scalar(text("SELECT max(position) FROM audit_link"))
    visits = tuple(session.scalars(text("SELECT id::text FROM assessment ORDER BY id")))
    campaigns = tuple(session.scalars(text("SELECT id::text FROM campaign ORDER BY id")))
    forms = tuple(session.scalars(text("SELECT id::text FROM submission ORDER BY id")))
    pictures = tuple(session.scalars(text("SELECT id::text FROM evidence ORDER BY id")))
    surveys = tuple(session.scalars(text("SELECT id::text FROM building_survey ORDER BY id")))
    return Country(ranked, places, batch, changes, link, pictures, visits, campaigns, forms, surveys)


def _branch(session: Session, oblast: Area) -> tuple[Area, Area, Area]:
    rayon = make_area(session, 2, parent=oblast, box=BOX, name_ky="Бакай-Ата району")
    return oblast, rayon, make_area(session, 3, parent=rayon, box=BOX, name_ky="Ак-Дөбө айыл аймагы")


def _plant_place(session: Session, ranked: RankedCountry, where: str, oblast: Area, rayon: Area, aimak: Area) -> Place:
    open_school = ranked.worst if where == OWN else make_school(session, code=f"000077700{len(where)}", lon=74.7)
    named = dict.fromkeys(("name_ky", "name_ru", "name_en"), mark("school", where))
    hidden = make_school(session, code=mark("code", where), is_published=False, lon=74.61, **named)
    ids = {"oblast_id": oblast.id, "rayon_id": rayon.id, "aimak_id": aimak.id}
    make_result(session, ranked.run, hidden, 10 + len(where), grade="E", pupils=77, **ids)
    if open_school is not ranked.worst:
        make_result(session, ranked.run, open_school, 20 + len(where), grade="E", pupils=99, **ids)
    for school in {open_school, hidden} - {ranked.worst}:
        for area in (ranked.country, oblast, rayon, aimak):
            session.add(SchoolArea(school_id=school.id, area_id=area.id, level=area.level))
    session.add(SchoolCode(school_id=hidden.id, register="osm", code=mark("alias", where)))
    building = Building(code=f"{hidden.code}-1", school_id=hidden.id, name=mark("building", where), is_published=False)
    session.add(building)
    session.flush()
    _plant_surveys(session, hidden.id, building.id, where)
    session.add(BuildingResult(run_id=ranked.run.id, building_id=building.id, school_id=hidden.id, red_flags=[]))
    _plant_visits(session, ranked, where, open_school)
    _plant_campaign(session, ranked, where, open_school)
    called = {"phones": ["+996312000001"], "source": mark("phone", where), "source_date": date(2026, 1, 1)}
    session.add(SchoolContact(school_id=open_school.id, **called))
    _plant_submission(session, open_school.id, mark("sent", where))
    _plant_submission(session, open_school.id, mark("sent_protected", where), is_protected=True)
    return Place(oblast, rayon, aimak, open_school, hidden)


def _plant_surveys(session: Session, school_id: int, building_id: int, where: str) -> None:
    """Add a survey that an engineer handed over, and a draft that nobody but its author may see."""
    level = {"level": "certified", "valid_until": date(2099, 1, 1), "basis": "x", "account_name": "x"}
    session.add(AssessorLevel(account_id=AUTHOR, **level))
    session.flush()
    set_scope(session, "national", AUTHOR, EVERYTHING)
    of_building = {"school_id": school_id, "building_id": building_id, "created_by": AUTHOR}
    draft = BuildingSurvey(method="rapid_visual", note=mark("survey_draft", where), **of_building)
    sent = BuildingSurvey(method="full", note=mark("survey", where), **of_building)
    change = Revision(kind="building", base_version=1, changes={"storeys": 1}, **of_building)
    session.add_all([draft, sent, change])
    session.flush()
    sent.revision_id = change.id
    session.flush()
    change.status = "submitted"
    session.flush()
    session.expire(sent)
    set_scope(session, "national", rights=EVERYTHING)


def _plant_visits(session: Session, ranked: RankedCountry, where: str, school: School) -> None:
    """Add a draft with an answer, and a protected answer of a published visit, to a school that everybody sees."""
    edition = ranked.run.edition_id
    draft = Assessment(
        school_id=school.id, edition_id=edition, kind="verification", assessed_on=date(2026, 1, 1),
        assessor=mark("visit", where), status="draft",
    )  # fmt: skip
    open_visit = Assessment(school_id=school.id, edition_id=edition, kind="self", assessed_on=date(2026, 2, 1))
    give_reason(session, mark("step", where))  # which the database writes down with the first step
    session.add(draft)
    session.flush()
    give_reason(session, "")
    session.add(open_visit)
    session.flush()
    criteria = {one.code: one for one in session.query(Criterion).filter_by(edition_id=edition)}
    session.add(
        Answer(assessment_id=draft.id, criterion_id=criteria["STR-02"].id, state="fails", note=mark("answer", where))
    )
    secret = {"criterion_id": criteria["SEC-01"].id, "note": mark("protected", where)}
    session.add(RestrictedAnswer(assessment_id=open_visit.id, state="fails", **secret))
    of_draft = {"assessment_id": draft.id, "criterion_id": criteria["STR-02"].id}
    moment = datetime(2026, 1, 1, 6, tzinfo=UTC)
    session.add(Reading(value=1, measured_at=moment, instrument=mark("reading", where), **of_draft))
    _plant_evidence(session, draft.id, criteria["STR-02"].id, "", where)
    _plant_evidence(session, open_visit.id, criteria["SEC-01"].id, "_protected", where)


def _plant_evidence(session: Session, visit_id: int, criterion_id: int, kind: str, where: str) -> None:
    """Add a picture and a change of an answer: of a draft, or of a protected criterion."""
    of_answer = {"assessment_id": visit_id, "criterion_id": criterion_id, "is_restricted": bool(kind)}
    session.add(
        Evidence(
            key=uuid4(), kind="photo", media_type="image/jpeg", title=mark(f"picture{kind}", where), sha256="0" * 64,
            byte_count=1, **of_answer,
        )
    )  # fmt: skip
    content = {"note": mark(f"change{kind}", where)}
    session.add(AnswerChange(key=uuid4(), kind="answer", content=content, **of_answer))


def _plant_campaign(session: Session, ranked: RankedCountry, where: str, school: School) -> None:
    """Add a campaign of one school that somebody is sent to."""
    session.flush()
    set_scope(session, "national", AUTHOR, EVERYTHING)
    campaign = Campaign(
        title=mark("campaign", where), kind="survey", edition_id=ranked.run.edition_id, starts_on=date(2026, 3, 1),
        ends_on=date(2026, 4, 1), created_by=AUTHOR,
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    sent = {"account_id": AUTHOR, "account_name": mark("visited", where)}
    session.add(CampaignVisit(campaign_id=campaign.id, school_id=school.id, due_on=date(2026, 4, 1), **sent))
    session.flush()
    set_scope(session, "national", rights=EVERYTHING)


def _plant_submission(session: Session, school_id: int | None, name: str, *, is_protected: bool = False) -> None:
    """Add a form from the field as it was received."""
    sent = Submission(instance_id=name, school_id=school_id, is_protected=is_protected, status="refused")
    session.add(sent)
    session.flush()
    session.add(
        SubmissionVersion(submission_id=sent.id, number=1, content_sha256="0", raw={"note": name}, origin="test")
    )


def _plant_revisions(session: Session, places: dict[str, Place]) -> tuple[str, ...]:
    """Add a submitted change, and a draft that nobody but its author may see, to each school that everybody sees."""
    set_scope(session, "national", AUTHOR, EVERYTHING)
    numbers = []
    for where, place in places.items():
        for what in ("revision", "draft"):
            made = Revision(
                kind="school", school_id=place.school.id, base_version=1, changes={"pupils": 1},
                reason=mark(what, where), created_by=AUTHOR,
            )  # fmt: skip
            session.add(made)
            session.flush()
            if what == "revision":
                made.status = "submitted"
                session.flush()
            numbers.append(str(made.id))
    set_scope(session, "national", rights=EVERYTHING)
    return tuple(numbers)


def _plant_state(session: Session, ranked: RankedCountry) -> ImportBatch:
    """Add a layer that is not public, a run and a file that nobody published, and a line of the audit."""
    name = mark("layer", STATE)
    layer = HazardLayer(
        code=name, version=1, hazard="landslide", kind="polygon", data_sha256=name, is_current=True, is_public=False,
        manifest={"code": name, "title": name, "source": {"publisher": name, "licence": "not stated"}},
    )  # fmt: skip
    session.add(layer)
    session.flush()
    session.add(HazardFeature(layer_id=layer.id, geom=POLYGON, geom_low=POLYGON, level=4, name=mark("feature", STATE)))
    roads = TravelLayer(
        kind="roads", version=1, source="Roads", data_sha256="r", feature_count=1, is_current=True, is_synthetic=True
    )
    session.add(roads)
    session.flush()
    session.add(Road(layer_id=roads.id, road_class="other", direction=0, name=mark("road", STATE), geom=LINE))
    exposure = ExposureRun(layer_id=layer.id, input_sha256=mark("exposure", STATE), is_current=True)
    session.add(exposure)
    session.flush()
    session.add(Exposure(run_id=exposure.id, school_id=ranked.worst.id, level=4, value=1.0, status="measured"))
    hidden = make_run(session, "9" * 64, published=False, canonical=mark("run", STATE), code_version=mark("run", STATE))
    make_result(session, hidden, ranked.worst, 1, red_flags=[mark("result", STATE)])
    _plant_results(session, ranked, hidden)
    scenario = mark("scenario", STATE)
    titles = dict.fromkeys(("title_ky", "title_ru", "title_en"), scenario)
    session.add(
        Scenario(
            code=scenario, kind="file", measure="msk", source=scenario, input_sha256=scenario, code_version="test",
            data_date=date(2026, 1, 1), **titles,
        )
    )  # fmt: skip
    plan = mark("plan", STATE)
    made = Plan(
        hash=plan, canonical=plan, status="optimal", code_version="test", run_id=hidden.id, budget_som=10, cost_som=5,
        benefit=0.1, bound=0.1, shadow_price=0.0, proposal_share=1.0, schools=1, is_proven=True, is_unique=True,
        is_synthetic=True,
    )  # fmt: skip
    session.add(made)
    session.flush()
    bundle = {"school_id": ranked.worst.id, "bundle": mark("bundle", STATE), "cost_som": 5, "benefit": 0.1}
    session.add_all([PlanItem(plan_id=made.id, **bundle), BundleResult(run_id=hidden.id, **bundle)])
    session.flush()
    set_scope(session, "national", AUTHOR, EVERYTHING)
    kept = {"owner": "Office", "weights": SHARES, "account_id": AUTHOR}
    session.add(WeightScheme(code="draft", title=mark("weights", STATE), **kept))
    session.add(WeightScheme(code="country", title="Of the country", is_national=True, **kept))
    session.flush()
    set_scope(session, "national", rights=EVERYTHING)
    file = mark("file", STATE)
    batch = ImportBatch(kind="schools", file_name=file, file_sha256=file, file_bytes=1, status="checked", source=file)
    session.add(batch)
    session.flush()
    session.add(
        ImportProblem(
            batch_id=batch.id, row_number=1, code="key_missing", severity="error", value=mark("problem", STATE)
        )
    )
    session.add(ImportRow(batch_id=batch.id, row_number=1, part=0, action="added", key=mark("row", STATE)))
    _plant_submission(session, None, mark("unplaced", STATE))
    session.add(FieldConnection(title=mark("connection", STATE), kind="kobo", origin="https://field.test", form="a1"))
    session.add(AuditEvent(tag="test", subject=mark("audit", STATE)))
    return batch


def _plant_results(session: Session, ranked: RankedCountry, hidden: Run) -> None:
    """Add a row of each kind of result to the run that nobody published."""
    building = session.query(Building).filter_by(school_id=ranked.worst.id).one()
    session.add_all(
        [
            BuildingResult(
                run_id=hidden.id, building_id=building.id, school_id=ranked.worst.id, red_flags=[mark("block", STATE)]
            ),
            DomainResult(
                run_id=hidden.id, school_id=ranked.worst.id, domain_code="STR", index_lower=1, index_central=1,
                index_upper=1, completeness=1, failed=[mark("domain", STATE)],
            ),
            BuildingScreening(
                run_id=hidden.id, building_id=building.id, score=1.0, items=[mark("screen", STATE)], needs_review=True
            ),
            AreaResult(run_id=hidden.id, area_id=ranked.oblast.id, level=1, **FIGURES),
            TilePyramid(
                run_id=hidden.id, z=5, x=22, y=11, schools=1, cell=[1], cell_schools=[1], cell_priority=[1],
                cell_grade=[1], cell_rank=[1], cell_pupils=[1],
            ),
        ]
    )  # fmt: skip
