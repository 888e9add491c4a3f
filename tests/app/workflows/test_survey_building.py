"""An engineer surveys a building: kept as it is answered, handed over as a change that others verify and publish."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.workflows import survey_building
from app.workflows.assess import today
from app.workflows.assess_errors import (
    NotCertifiedError,
    NotOpenError,
    NotYoursError,
    RefusedAnswerError,
    SurveyConflictError,
    SurveyRefusedError,
    UnknownVisitError,
)
from app.workflows.ranking_screening import ITEMS
from app.workflows.revise_steps import take_step
from app.workflows.survey_score import screen_facts
from geodata.models import Building
from geodata.queries import revisions, surveys
from geodata.records.survey import in_force
from tests.factories.assessing import make_assessed_place
from tests.factories.officers import become, become_everybody, make_officer
from tests.factories.surveying import make_engineer, make_level

SEEN = {
    "building_type": "KG-URM-C", "storeys": "2", "year_built": "1968", "condition": "fair", "vertical": "moderate",
    "plan_irregularity": "yes", "flexible_diaphragm": "no", "surveyed_on": "2026-03-01", "surveyor": "Asanov",
}  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def place(session):
    return make_assessed_place(session)


@pytest.fixture
def engineer(session, place):
    return make_engineer(session, place, today() + timedelta(days=30))


@pytest.fixture
def oblast(session, place):
    return make_officer(session, "oblast", area=place.rayons.oblast)


def begin(session, place, method="rapid_visual", block=0):
    return survey_building.begin(session, place.rayons.own.code, place.blocks[block].code, method)


def save(session, number, **fields):
    found = surveys.find(session, number)
    return survey_building.save_facts(session, number, {**SEEN, "base_version": str(found.version), **fields})


def handed_over(session, place, engineer, method="rapid_visual", folder=None, **fields):
    become(session, engineer)
    number = begin(session, place, method)
    save(session, number, **fields)
    if method == "full":
        survey_building.keep_document(session, folder, number, PDF, "report.pdf")
    return survey_building.hand_over(session, number, surveys.find(session, number).version)


def publish(session, place, oblast, survey):
    become(session, place.department)
    change = revisions.find_revision(session, survey.revision_id)
    change = take_step(session, change.id, "verify", version=change.version, reason="looked at the photos")
    become(session, oblast)
    record_version = session.scalar(text("SELECT version FROM building WHERE id = :id"), {"id": survey.building_id})
    take_step(session, change.id, "publish", version=change.version, record_version=record_version)


def building(session, place):
    become_everybody(session)
    session.expire_all()
    return session.get(Building, place.blocks[0].id)


def test_what_was_seen_becomes_facts_of_the_building_once_others_verified_and_published_it(
    session, place, engineer, oblast
):
    survey = handed_over(session, place, engineer)
    assert survey.status == "submitted"
    assert survey.level == "certified"
    assert building(session, place).building_type == "KG-UNK"  # nothing is changed by handing over

    publish(session, place, oblast, survey)

    found = building(session, place)
    assert (found.building_type, found.storeys, found.year_built) == ("KG-URM-C", 2, 1968)
    assert (found.vertical_irregularity, found.plan_irregularity, found.flexible_diaphragm) == (True, True, False)
    assert found.pounding is None  # not seen stays unknown
    origin = found.provenance["building_type"]
    assert (origin["source"], origin["date"], origin["quality"]) == ("FEMA P-154 (Asanov)", "2026-03-01", "estimated")
    assert surveys.find(session, survey.id).status == "published"
    assert surveys.moderately_irregular(session).tolist() == [place.blocks[0].id]
    become(session, None)
    assert surveys.find(session, survey.id).surveyor == "Asanov"  # published surveys are for everybody


def test_a_full_survey_overrides_a_look_and_a_later_look_does_not_override_it(
    session, place, engineer, oblast, tmp_path
):
    look = handed_over(session, place, engineer)
    publish(session, place, oblast, look)
    full = handed_over(session, place, engineer, "full", tmp_path, building_type="KG-URM-S", vertical="none")
    publish(session, place, oblast, full)
    assert building(session, place).building_type == "KG-URM-S"
    assert building(session, place).provenance["building_type"]["quality"] == "measured"
    assert surveys.moderately_irregular(session).tolist() == []

    later = handed_over(session, place, engineer, building_type="KG-ADB", condition="emergency", pounding="yes")
    publish(session, place, oblast, later)

    found = building(session, place)
    assert (found.building_type, found.condition, found.pounding) == ("KG-URM-S", "emergency", True)
    history = surveys.of_school(session, place.rayons.own.id)
    assert in_force(history).id == full.id
    assert {one.id for one in history} == {look.id, full.id, later.id}  # the former ones stay


def test_a_look_that_could_change_nothing_is_refused_and_stays_a_draft(session, place, engineer, oblast, tmp_path):
    publish(session, place, oblast, handed_over(session, place, engineer, "full", tmp_path))
    become(session, engineer)
    number = begin(session, place)
    only = dict.fromkeys(SEEN, "") | {"building_type": "KG-ADB", "surveyed_on": "2026-04-01", "surveyor": "B"}
    kept = save(session, number, **only)

    with pytest.raises(RefusedAnswerError, match="survey_weaker"):
        survey_building.hand_over(session, number, kept.version)


def test_a_full_survey_of_more_than_five_years_gives_way_to_a_look(session, place, engineer, oblast, tmp_path):
    publish(session, place, oblast, handed_over(session, place, engineer, "full", tmp_path, surveyed_on="2019-05-01"))
    publish(session, place, oblast, handed_over(session, place, engineer, building_type="KG-ADB"))

    assert building(session, place).building_type == "KG-ADB"


@pytest.mark.parametrize(
    ("until", "level"),
    [
        pytest.param(None, None, id="no level"),
        pytest.param(-2, "certified", id="the certificate ran out, wherever a day has begun"),
        pytest.param(30, "calibrated", id="calibrated is not certified"),
        pytest.param(30, "none", id="taken away"),
    ],
)
def test_only_a_certified_engineer_hands_over(session, place, until, level):
    engineer = make_engineer(session, place, today() + timedelta(days=300) if level == "none" else None)
    if level is not None:
        make_level(session, engineer, level, today() + timedelta(days=until))
    become(session, engineer)
    number = begin(session, place)
    version = save(session, number).version

    with pytest.raises(NotCertifiedError):
        survey_building.hand_over(session, number, version)


def test_the_database_alone_keeps_a_survey_with_who_is_not_certified(session, place):
    become(session, make_engineer(session, place, None))
    number = begin(session, place)
    version = save(session, number).version
    revision = revisions.add_draft(session, "building", place.rayons.own.id, place.blocks[0].id)
    surveys.link_revision(session, number, version, revision, None)

    with pytest.raises(ProgrammingError, match="certified engineer"):
        revisions.take_step(session, revision, 1, "draft", "submitted", None)


def test_the_author_cannot_set_the_status(session, place, engineer):
    become(session, engineer)
    number = begin(session, place)

    with pytest.raises(ProgrammingError, match="row-level security"):
        session.execute(text("UPDATE building_survey SET status = 'published' WHERE id = :id"), {"id": number})


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        pytest.param({"building_type": "KG-XXX"}, "building_type", id="no such type"),
        pytest.param({"storeys": "many"}, "storeys", id="storeys are no number"),
        pytest.param({"storeys": "0"}, "storeys", id="no storey"),
        pytest.param({"year_built": "3000"}, "year_built", id="built in the future"),
        pytest.param({"condition": "lovely"}, "condition", id="no such condition"),
        pytest.param({"plan_irregularity": "perhaps"}, "plan_irregularity", id="neither yes nor no"),
        pytest.param({"soil_class": "IV"}, "soil_class", id="no such soil"),
    ],
)
def test_a_value_that_cannot_be_is_named_and_nothing_is_kept(session, place, engineer, fields, named):
    become(session, engineer)
    number = begin(session, place)

    with pytest.raises(SurveyRefusedError) as refused:
        save(session, number, **fields)

    assert list(refused.value.problems) == [named]
    assert surveys.find(session, number).facts == {}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({"vertical": "slanting"}, "choice_unknown", id="no such irregularity"),
        pytest.param({"surveyed_on": "2999-01-01"}, "day_ahead", id="a day in the future"),
        pytest.param({"surveyed_on": "yesterday"}, "day_wrong", id="no day"),
        pytest.param({"base_version": "x"}, "number_wrong", id="a version that is no number"),
        pytest.param({"key": "x"}, "key_wrong", id="a key that is none"),
    ],
)
def test_what_cannot_be_read_is_refused(session, place, engineer, fields, code):
    become(session, engineer)
    number = begin(session, place)

    with pytest.raises(RefusedAnswerError, match=code):
        save(session, number, **fields)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"surveyed_on": ""}, "day_missing"),
        ({"surveyor": " "}, "surveyor_missing"),
        (dict.fromkeys(SEEN, "") | {"surveyed_on": "2026-03-01", "surveyor": "A"}, "survey_empty"),
    ],
)
def test_what_is_missing_is_told_at_handing_over(session, place, engineer, fields, code):
    with pytest.raises(RefusedAnswerError, match=code):
        handed_over(session, place, engineer, **fields)


def test_a_full_survey_needs_its_document_and_only_a_pdf_is_one(session, place, engineer, tmp_path):
    become(session, engineer)
    number = begin(session, place, "full")
    version = save(session, number, area_m2="1 200", design_series="224").version
    assert surveys.find(session, number).facts["area_m2"] == 1200

    with pytest.raises(RefusedAnswerError, match="document_missing"):
        survey_building.hand_over(session, number, version)
    for data, code in ((b"", "file_missing"), (b"MZ\x00", "file_kind"), (b"%PDF-1.4 cut", "file_kind")):
        with pytest.raises(RefusedAnswerError, match=code):
            survey_building.keep_document(session, tmp_path, number, data, "x.pdf")
    with pytest.raises(RefusedAnswerError, match="document_not_asked"):
        survey_building.keep_document(session, tmp_path, begin(session, place), PDF, "x.pdf")

    kept = survey_building.keep_document(session, tmp_path, number, PDF, "C:\\docs\\report.pdf")
    assert kept.document_name == "report.pdf"
    assert surveys.hashes(session) == [kept.document_sha256]


def test_two_devices_never_overwrite_each_other_and_the_same_sending_counts_once(session, place, engineer):
    become(session, engineer)
    number, key = begin(session, place), str(uuid4())
    first = save(session, number, key=key)
    again = save(session, number, key=key, base_version="1")

    assert again.version == first.version
    with pytest.raises(SurveyConflictError) as met:
        save(session, number, storeys="3", base_version="1")
    assert met.value.now.facts["storeys"] == 2
    with pytest.raises(SurveyConflictError):
        survey_building.hand_over(session, number, 1)


def test_it_is_the_engineers_alone_until_it_is_handed_over(session, place, engineer):
    become(session, engineer)
    number = begin(session, place)
    assert begin(session, place) == number  # goes on where it was left

    for other in (place.director, place.department, None):
        become(session, other)
        with pytest.raises(UnknownVisitError):
            survey_building.open_survey(session, number)
    become(session, place.director)
    with pytest.raises(NotYoursError):
        begin(session, place)
    become(session, engineer)
    with pytest.raises(UnknownVisitError):
        survey_building.begin(session, place.rayons.foreign.code, "no-such-block", "rapid_visual")
    with pytest.raises(RefusedAnswerError, match="method_unknown"):
        begin(session, place, "by ear")


def test_a_returned_survey_is_handed_over_again_and_a_handed_over_one_is_closed(session, place, engineer):
    survey = handed_over(session, place, engineer)
    with pytest.raises(NotOpenError):
        save(session, survey.id, storeys="3")
    become(session, place.department)
    change = revisions.find_revision(session, survey.revision_id)
    take_step(session, change.id, "return", version=change.version, reason="which side?")
    become(session, engineer)
    assert surveys.find(session, survey.id).status == "returned"
    kept = save(session, survey.id, storeys="3")

    again = survey_building.hand_over(session, survey.id, kept.version)

    assert (again.status, again.revision_id) == ("submitted", survey.revision_id)
    assert revisions.find_revision(session, again.revision_id).changes["storeys"] == 3


def test_a_draft_can_be_discarded_a_handed_over_one_not(session, place, engineer):
    become(session, engineer)
    number = begin(session, place)
    survey_building.remove(session, number)
    assert surveys.find(session, number) is None

    survey = handed_over(session, place, engineer)
    with pytest.raises(NotOpenError):
        survey_building.remove(session, survey.id)


@pytest.mark.parametrize(
    ("facts", "score"),
    [
        # FEMA P-154 level 1, High seismicity, type URM: basic 1.0, vertical -0.7 / -0.4, plan -0.4, least 0.2
        pytest.param({"building_type": "KG-URM-C", "year_built": 1968}, 1.0, id="basic score"),
        pytest.param({"building_type": "KG-URM-C", "year_built": 1968, "vertical": "moderate"}, 0.6, id="moderate"),
        pytest.param({"building_type": "KG-URM-C", "year_built": 1968, "vertical": "severe"}, 0.3, id="severe"),
        pytest.param(
            {"building_type": "KG-URM-C", "year_built": 1968, "vertical": "severe", "plan_irregularity": True}, 0.2,
            id="never below the least",
        ),
    ],
)  # fmt: skip
def test_the_score_is_that_of_the_form(facts, score):
    assert screen_facts(facts, 9.0).score == pytest.approx(score)


def test_unknown_facts_count_at_their_worst_and_an_unknown_zone_has_no_score():
    nothing = screen_facts({}, 9.0)

    assert nothing.score <= screen_facts({"building_type": "KG-TIM", "year_built": 2015}, 9.0).score
    assert {"YEAR_UNKNOWN", "TYPE_UNKNOWN"} <= set(nothing.items) <= set(ITEMS)
    assert screen_facts({"building_type": "KG-TIM"}, float("nan")).state == "unknown"
    weak = screen_facts({"condition": "poor", "pounding": True, "vertical": "severe"}, 8.0)
    assert weak.strength == pytest.approx(0.85 * 0.85 * 0.95)  # method 4: GLOSI factors
