"""Appeals of answers, hazards and travel times: what may be appealed, with which value, and what is refused."""

from datetime import date

import pytest
from sqlalchemy import select

from app.workflows.appeal_fact import (
    AlreadyAppealedError,
    AppealIncompleteError,
    SentAppeal,
    accept_appeal,
    submit_appeal,
)
from app.workflows.appealed_facts import measured_facts
from app.workflows.rank_corrected import rank_corrected
from geodata.models import (
    Answer,
    Assessment,
    Building,
    Criterion,
    Exposure,
    ExposureRun,
    HazardLayer,
    HazardResolution,
    Revision,
    StandardEdition,
    TravelTime,
)
from geodata.queries import appeals, exposures, record_facts
from tests.factories.officers import become, become_everybody, make_officer, make_two_rayons
from tests.factories.visits import make_edition, make_visit


def add_level(session, school, code, level, *, hazard="flood", is_public=True):
    layer = HazardLayer(
        code=code, version=1, hazard=hazard, kind="polygon", data_sha256=code, is_current=True, is_public=is_public,
        manifest={"code": code, "title": code, "source": {}},
    )  # fmt: skip
    session.add(layer)
    session.flush()
    run = ExposureRun(layer_id=layer.id, input_sha256=code, is_current=True)
    session.add(run)
    session.flush()
    session.add(Exposure(run_id=run.id, school_id=school.id, level=level, status="measured"))
    session.flush()


@pytest.fixture
def place(session):
    made = make_two_rayons(session)
    made_edition = make_edition(session)
    session.scalars(select(Criterion).where(Criterion.code == "SOC-06")).one().scope = "building"
    session.flush()
    answers = {"STR-01": "fails", "WSH-01": "unknown", "SEC-01": "fails", "SOC-06": "fails"}
    make_visit(session, made.own, made_edition, answers | {"FIRE-01": "meets"}, kind="self", on=date(2026, 5, 1))
    make_visit(session, made.own, made_edition, {"FIRE-01": "partly"}, kind="survey", on=date(2025, 5, 1))
    add_level(session, made.own, "flood_a", 2)
    add_level(session, made.own, "flood_b", 3)
    add_level(session, made.own, "flood_kept", 4, is_public=False)
    add_level(session, made.own, "mud_kept", 4, hazard="mudflow", is_public=False)
    add_level(session, made.own, "metres", 4, hazard="altitude")
    add_level(session, made.own, "cold_nothing", None, hazard="cold")
    stated = {"source": "map", "source_date": date(2026, 1, 1)}
    session.add(TravelTime(school_id=made.own.id, target="fire_station", minutes=12.54, **stated))
    session.flush()
    return made


@pytest.fixture
def staff(session, place):
    return {
        "school": make_officer(session, "school", school=place.own),
        "department": make_officer(session, "department", area=place.rayon),
    }


def appeal(session, place, staff, fact, claimed, building=None):
    become(session, staff["school"])
    find = record_facts.stored_building if building else record_facts.stored_school
    record = find(session, place.own.code, building) if building else find(session, place.own.code)
    return submit_appeal(session, record, SentAppeal(fact, claimed, "act No. 3 of 2026-11-01", "seen on site"))


def present_values(session, place, staff, building=None):
    become(session, staff["school"])
    found = (
        record_facts.stored_building(session, place.own.code, building)
        if building
        else record_facts.stored_school(session, place.own.code)
    )
    return {one.key: one.present for one in measured_facts(session, found)}


@pytest.mark.parametrize(
    ("fact", "present", "claimed", "stored"),
    [
        pytest.param("answer.STR-01", "fails", "meets", "meets", id="an answer"),
        pytest.param("answer.FIRE-01", "partly", "meets", "meets", id="the second rater counts before the school"),
        pytest.param("answer.WSH-01", None, "not_applicable", "not_applicable", id="an unknown answer"),
        pytest.param("hazard.flood", "3", "1", "1", id="the worst public level"),
        pytest.param("travel.fire_station", "12.5", " 25,5 ", "25.5", id="minutes"),
        pytest.param("travel.hospital", None, "40", "40", id="unknown minutes"),
    ],
)
def test_a_fact_beside_the_record_is_appealed_with_its_value_of_today(
    session, place, staff, fact, present, claimed, stored
):
    number = appeal(session, place, staff, fact, claimed)

    found = appeals.find_appeal(session, number)
    assert (found.fact, found.present, found.claimed, found.status) == (fact, present, stored, "open")
    assert place.own.id in appeals.appealed(session, [place.own.id]), "the list says that a fact is under appeal"
    with pytest.raises(AlreadyAppealedError):
        appeal(session, place, staff, fact, claimed)


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        ("answer.NONE-99", "fact"),
        ("answer.OLD-01", "fact.edition"),
        ("answer.SEC-01", "fact.protection"),
        ("hazard.cold", "fact.level"),
        ("hazard.mudflow", "fact.level"),
        ("hazard.rockfall", "fact.level"),
        ("hazard.altitude", "fact"),
        ("hazard.shyness", "fact"),
        ("travel.settlement", "fact"),
        ("travel.", "fact"),
        ("rank.national", "fact"),
    ],
)
def test_other_facts_are_refused_with_their_reason(session, place, staff, fact, why):
    old = StandardEdition(
        code="old", status="draft", sha256="old", is_current=False, title_ky="Э", title_ru="С", title_en="O"
    )
    session.add(old)
    session.flush()
    criterion = session.scalars(select(Criterion).where(Criterion.code == "STR-01")).one()
    names = (
        "domain_code",
        "position",
        "scope",
        "weight",
        "text_ky",
        "text_ru",
        "text_en",
        "is_critical",
        "field_class",
    )
    facts = {name: getattr(criterion, name) for name in names}
    session.add(Criterion(edition_id=old.id, code="OLD-01", grouping="physical", **facts))
    session.flush()

    with pytest.raises(AppealIncompleteError) as refused:
        appeal(session, place, staff, fact, "4")

    assert refused.value.fields == (why,)
    assert fact not in present_values(session, place, staff), "nor does the form offer it"


@pytest.mark.parametrize(
    ("fact", "claimed"),
    [
        ("answer.STR-01", "fails"),
        ("answer.STR-01", "unknown"),
        ("answer.STR-01", ""),
        ("hazard.flood", "3"),
        ("hazard.flood", "5"),
        ("hazard.flood", "none"),
        ("travel.fire_station", "12.5"),
        ("travel.fire_station", "0"),
        ("travel.fire_station", "-3"),
        ("travel.fire_station", "nan"),
        ("travel.fire_station", "1441"),
        ("travel.fire_station", "soon"),
    ],
)
def test_a_value_that_stands_already_or_cannot_be_is_refused(session, place, staff, fact, claimed):
    with pytest.raises(AppealIncompleteError) as refused:
        appeal(session, place, staff, fact, claimed)

    assert refused.value.fields == ("claimed",)


def test_a_layer_that_is_kept_from_the_public_tells_nobody_what_can_be_appealed(session, place):
    become(session, make_officer(session, "planner"))
    seen = {one.code for one in exposures.of_school(session, place.own.id)}
    found = measured_facts(session, record_facts.stored_school(session, place.own.code))

    assert {"flood_kept", "mud_kept"} <= seen, "who asks sees the layers"
    assert {one.key: one.present for one in found if one.group == "hazard"} == {"hazard.flood": "3"}


def test_the_level_is_of_the_layer_that_was_decided_for(session, place, staff):
    become_everybody(session)
    session.add(HazardResolution(hazard="flood", layer_code="flood_a", reason="measured", document="Order 9"))
    session.flush()

    assert present_values(session, place, staff)["hazard.flood"] == "2"


def test_what_is_answered_for_a_building_is_appealed_at_the_building(session, place, staff):
    become_everybody(session)
    criterion = session.scalars(select(Criterion).where(Criterion.code == "SOC-06")).one()
    buildings = [Building(school_id=place.own.id, code=code) for code in ("B1", "B2")]
    session.add_all(buildings)
    session.flush()
    assert present_values(session, place, staff)["answer.SOC-06"] == "fails"
    assert present_values(session, place, staff, "B1") == {"answer.SOC-06": "fails"}

    become_everybody(session)
    visit = session.scalars(select(Assessment).where(Assessment.kind == "self")).one()
    session.add(Answer(assessment_id=visit.id, criterion_id=criterion.id, building_id=buildings[0].id, state="meets"))
    session.flush()

    assert "answer.SOC-06" not in present_values(session, place, staff)
    assert present_values(session, place, staff, "B1") == {"answer.SOC-06": "meets"}
    assert present_values(session, place, staff, "B2") == {"answer.SOC-06": "fails"}
    with pytest.raises(AppealIncompleteError) as refused:
        appeal(session, place, staff, "answer.SOC-06", "meets")
    assert refused.value.fields == ("fact.building",)
    found = appeals.find_appeal(session, appeal(session, place, staff, "answer.SOC-06", "partly", "B1"))
    assert (found.building_code, found.present) == ("B1", "meets")


@pytest.mark.parametrize(
    ("fact", "claimed"), [("answer.STR-01", "meets"), ("hazard.flood", "1"), ("travel.fire_station", "30")]
)
def test_an_acceptance_drafts_no_change_of_the_record_and_asks_for_no_ranking(session, place, staff, fact, claimed):
    number = appeal(session, place, staff, fact, claimed)
    become(session, staff["department"])

    assert accept_appeal(session, number, "the act was seen") is None
    found = appeals.find_appeal(session, number)
    assert (found.status, found.revision_id) == ("accepted", None)
    become_everybody(session)
    assert session.scalars(select(Revision)).all() == []
    assert not rank_corrected(session, 1)
