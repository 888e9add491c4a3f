"""Forms from the field come in once, keep every version, and are told what is wrong with them."""

from __future__ import annotations

import json
import uuid
from datetime import date

import pytest
from sqlalchemy import text

from app.permissions import Grant, rights_of
from app.workflows.take_submissions import take_submissions
from geodata.database import set_scope
from geodata.models import Building, Campaign, CampaignVisit, School
from geodata.queries.submissions import list_submissions, stored_problems
from geodata.readers.submissions import read_json
from geodata.validation.problems import MESSAGES
from tests.factories.schools import make_school
from tests.support.field_forms import kobo, kobo_page, odk, odk_page, shipped_edition

ONE = str(uuid.UUID(int=1))


@pytest.fixture
def mark(session):
    return shipped_edition(session)


@pytest.fixture
def school(session) -> School:
    made = make_school(session)
    session.add(Building(code="S-1", school_id=made.id))
    session.add_all([Building(code=f"{made.code}-{at}", school_id=made.id) for at in (1, 2)])
    session.flush()
    return made


def take(session, *results, origin="test.json"):
    return take_submissions(session, read_json(kobo_page(list(results))), origin)


def answers(session, table="answer"):
    """Return what is stored: criterion, building, state, value, share, day of the evidence."""
    found = session.execute(
        text(f"""
            SELECT criterion.code, building.code, t.state, t.value, t.room_share, t.evidence_on::text
            FROM {table} AS t JOIN criterion ON criterion.id = t.criterion_id
            LEFT JOIN building ON building.id = t.building_id ORDER BY 1, 2
        """)
    )
    return [tuple(row) for row in found]


def counts(outcome):
    return {name: value for name in ("added", "edited", "unchanged", "refused", "late")
            if (value := getattr(outcome, name))}  # fmt: skip


def codes(outcome):
    return [(one.column, one.code) for one in outcome.problems]


def visits(session):
    return [tuple(row) for row in session.execute(text("SELECT kind, status, assessor FROM assessment ORDER BY id"))]


def test_a_form_becomes_a_submitted_assessment_with_its_answers_per_school_room_and_building(session, mark, school):
    blocks = tuple({"block_code": f"{school.code}-{at}", "STR_03": state} for at, state in ((1, "meets"), (2, "fails")))
    sent = kobo(
        mark, school.code, {"SOC-06": "meets", "ENG-05": "partly"}, blocks=blocks, ENG_05_value="17.5",
        ENG_05_rooms="8", ENG_05_passed="6",
    )  # fmt: skip

    outcome = take(session, sent)

    assert (counts(outcome), codes(outcome)) == ({"added": 1}, [])
    assert visits(session) == [("self", "submitted", "Асанова Б.")]
    assert answers(session) == [
        ("ENG-05", None, "partly", 17.5, 0.75, "2026-05-02"),
        ("SOC-06", None, "meets", None, None, "2026-05-02"),
        ("STR-03", f"{school.code}-1", "meets", None, None, "2026-05-02"),
        ("STR-03", f"{school.code}-2", "fails", None, None, "2026-05-02"),
    ]


def test_the_same_delivery_again_changes_nothing(session, mark, school):
    sent = kobo(mark, school.code, {"SOC-06": "meets"})
    take(session, sent)

    again = take(session, sent, sent, origin="other.json")

    assert (again.received, counts(again)) == (2, {"unchanged": 2})
    assert session.scalar(text("SELECT count(*) FROM submission_version")) == 1
    assert len(answers(session)) == 1


def test_an_edit_replaces_the_answers_and_both_versions_are_kept(session, mark, school):
    take(session, kobo(mark, school.code, {"SOC-06": "meets", "SOC-07": "meets"}, instance=ONE))
    second = str(uuid.UUID(int=2))

    outcome = take(session, kobo(mark, school.code, {"SOC-06": "fails"}, instance=second, replaces=ONE, root=ONE))

    assert counts(outcome) == {"edited": 1}
    assert [row[:3] for row in answers(session)] == [("SOC-06", None, "fails")]
    assert len(visits(session)) == 1
    (kept,) = list_submissions(session)
    assert (kept.version, kept.status) == (2, "taken")
    raws = session.scalars(text("SELECT raw ->> '_uuid' FROM submission_version ORDER BY number")).all()
    assert raws == [ONE, second]


def test_an_older_server_names_only_the_version_that_an_edit_replaces(session, mark, school):
    second, third = str(uuid.UUID(int=2)), str(uuid.UUID(int=3))
    first = kobo(mark, school.code, {"SOC-06": "meets"}, instance=ONE)
    edit = kobo(mark, school.code, {"SOC-06": "fails"}, instance=second, replaces=ONE)

    together = take(session, first, edit)
    later = take(session, kobo(mark, school.code, {"SOC-06": "partly"}, instance=third, replaces=second))

    assert (counts(together), counts(later)) == ({"added": 1, "edited": 1}, {"edited": 1})
    assert [row[2] for row in answers(session)] == ["partly"]


def test_an_edit_that_moves_the_visit_takes_its_answers_along(session, mark, school):
    other = make_school(session)
    take(session, kobo(mark, school.code, {"SOC-06": "meets"}, instance=ONE))

    take(session, kobo(mark, other.code, {"SOC-06": "meets"}, instance=str(uuid.UUID(int=2)), replaces=ONE, root=ONE))

    assert session.scalars(text("SELECT school_id FROM assessment")).all() == [other.id]


def test_an_edit_of_what_was_verified_meanwhile_is_kept_and_does_not_count(session, mark, school):
    take(session, kobo(mark, school.code, {"SOC-06": "meets"}, instance=ONE))
    session.execute(text("SELECT set_config('app.account', '77', true)"))
    session.execute(text("UPDATE assessment SET status = 'verified'"))

    outcome = take(session, kobo(mark, school.code, {"SOC-06": "fails"}, instance="edit-2", replaces=ONE, root=ONE))

    assert counts(outcome) == {"late": 1}
    assert codes(outcome) == [("assessed_on", "visit_closed")]
    assert [row[2] for row in answers(session)] == ["meets"]
    assert [(one.status, one.version) for one in list_submissions(session)] == [("late", 2)]


def test_an_edit_of_what_a_closed_campaign_counted_is_told_so(session, mark, school):
    take(session, kobo(mark, school.code, {"SOC-06": "meets"}, instance=ONE))
    session.execute(text("SELECT set_config('app.account', '77', true)"))
    for status in ("verified", "published"):
        session.execute(text("UPDATE assessment SET status = :status"), {"status": status})
    visit, edition = session.execute(text("SELECT id, edition_id FROM assessment")).one()
    campaign = Campaign(
        title="c", kind="self", edition_id=edition, starts_on=date(2026, 5, 1), ends_on=date(2026, 6, 1), created_by=77
    )
    session.add(campaign)
    session.flush()
    session.add(
        CampaignVisit(campaign_id=campaign.id, school_id=school.id, assessment_id=visit, due_on=date(2026, 6, 1))
    )
    session.flush()

    outcome = take(session, kobo(mark, school.code, {"SOC-06": "fails"}, instance="edit-2", replaces=ONE, root=ONE))

    assert codes(outcome) == [("assessed_on", "visit_frozen")]
    assert [row[2] for row in answers(session)] == ["meets"]


def test_two_contents_under_one_id_are_told_and_the_first_counts(session, mark, school):
    first = kobo(mark, school.code, {"SOC-06": "meets"}, instance=ONE)
    second = kobo(mark, school.code, {"SOC-06": "fails"}, instance=ONE)

    outcome = take(session, first, second)

    assert counts(outcome) == {"added": 1, "refused": 1}
    assert [(one.row, one.code) for one in outcome.problems] == [(2, "submission_differs")]
    assert [row[2] for row in answers(session)] == ["meets"]
    assert session.scalar(text("SELECT count(*) FROM submission_version")) == 2
    assert counts(take(session, second)) == {"unchanged": 1}


def test_two_forms_that_tell_of_the_same_visit_contradict_each_other(session, mark, school):
    outcome = take(session, *(kobo(mark, school.code, {"SOC-06": state}) for state in ("meets", "fails")))
    third = take(session, kobo(mark, school.code, {"SOC-06": "fails"}, assessed_on="2026-05-02"))

    assert counts(outcome) == {"added": 1, "refused": 1}
    assert codes(outcome) == codes(third) == [("assessed_on", "visit_exists")]
    assert [row[2] for row in answers(session)] == ["meets"]


WRONG = {
    "another edition": ({"edition": "2031/abc"}, ("edition", "edition_unknown")),
    "an edition that was changed": ({"edition": "2026-proposal/000000000000"}, ("edition", "edition_changed")),
    "a form of somebody else": ({"edition": ""}, ("edition", "form_not_ours")),
    "unknown school": ({"visit/school": "nowhere"}, ("school", "school_unknown")),
    "no school": ({"visit/school": ""}, ("school", "school_missing")),
    "unknown criterion": ({"d_X/XYZ_99": "meets"}, ("XYZ_99", "criterion_unknown")),
    "answer off the list": ({"d/SOC_06": "perhaps"}, ("SOC_06", "choice_unknown")),
    "text for a number": ({"d/ENG_05": "meets", "d/ENG_05_value": "warm"}, ("ENG_05_value", "number_invalid")),
    "impossible number": ({"d/ENG_05": "meets", "d/ENG_05_value": "-300"}, ("ENG_05_value", "value_impossible")),
    "number with a unit": ({"d/FIRE_05": "meets", "d/FIRE_05_value": "90 cm"}, ("FIRE_05_value", "number_with_unit")),
    "number for a yes or no": ({"d/SOC_06_value": "3"}, ("SOC_06_value", "value_not_asked")),
    "more rooms than looked at": (
        {"d/ENG_05": "meets", "d/ENG_05_rooms": "3", "d/ENG_05_passed": "4"}, ("ENG_05_passed", "rooms_impossible"),
    ),
    "a day in the future": ({"visit/assessed_on": "2031-01-01"}, ("assessed_on", "date_future")),
    "no day": ({"visit/assessed_on": None}, ("assessed_on", "answer_without_date")),
    "building of another school": (
        {"block": [{"block/block_code": "OTHER-1", "block/STR_03": "meets"}]},
        ("block_code[1]", "building_of_other_school"),
    ),
    "unknown building": (
        {"block": [{"block/block_code": "no-such", "block/STR_03": "meets"}]}, ("block_code[1]", "building_unknown"),
    ),
    "a building that is not said": ({"block": [{"block/STR_03": "meets"}]}, ("block_code[1]", "block_missing")),
    "criterion of the school asked of a building": (
        {"block": [{"block/block_code": "S-1", "block/SOC_07": "meets"}]}, ("SOC_07[1]", "building_not_needed"),
    ),
    "criterion of buildings asked of the school": ({"d/STR_03": "meets"}, ("STR_03", "building_needed")),
    "nothing answered": ({"d_SOC/g_SOC_06/SOC_06": ""}, (None, "answer_missing")),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), WRONG.values(), ids=WRONG)
def test_a_form_with_an_error_is_kept_and_told(session, mark, school, changes, told):
    other = make_school(session)
    session.add(Building(code="OTHER-1", school_id=other.id))
    session.flush()

    outcome = take(session, kobo(mark, school.code, {"SOC-06": "meets"}) | changes)

    assert counts(outcome) == {"refused": 1}
    assert told in codes(outcome)
    assert answers(session) == visits(session) == []
    (kept,) = list_submissions(session, "refused")
    assert told in [(one.column, one.code) for one in stored_problems(kept.problems)]
    assert all(one.row == 1 for one in outcome.problems)


@pytest.mark.parametrize(("passed", "state"), [("8", "meets"), ("4", "partly"), ("3", "fails"), ("0", "fails")])
def test_the_share_of_rooms_gives_the_state_as_the_method_has_it(session, mark, school, passed, state):
    take(session, kobo(mark, school.code, {}, ENG_05_rooms="8", ENG_05_passed=passed))

    assert [row[2] for row in answers(session)] == [state]


def test_rooms_may_be_counted_building_by_building(session, mark, school):
    blocks = ({"block_code": f"{school.code}-1", "ENG_05": "meets", "ENG_05_rooms": "4", "ENG_05_passed": "4"},)

    take(session, kobo(mark, school.code, {}, blocks=blocks))

    assert answers(session) == [("ENG-05", f"{school.code}-1", "meets", None, 1.0, "2026-05-02")]


def test_a_school_of_which_no_building_is_known_answers_for_the_one_it_has(session, mark):
    alone = make_school(session)

    outcome = take(session, kobo(mark, alone.code, {}, blocks=({"STR_03": "meets"},)))

    assert counts(outcome) == {"added": 1}
    assert [row[:3] for row in answers(session)] == [("STR-03", None, "meets")]


def test_one_wrong_form_does_not_keep_the_others_out(session, mark, school):
    other = make_school(session)

    outcome = take(session, kobo(mark, "nowhere", {"SOC-06": "meets"}), kobo(mark, other.code, {"SOC-06": "meets"}))

    assert counts(outcome) == {"added": 1, "refused": 1}
    assert len(answers(session)) == 1


def test_a_device_with_a_wrong_clock_is_told_and_its_form_taken(session, mark, school):
    sent = kobo(mark, school.code, {"SOC-06": "meets"}) | {"start": "2031-01-01T00:00:00+06:00"}

    outcome = take(session, sent)

    assert counts(outcome) == {"added": 1}
    assert codes(outcome) == [("start", "clock_wrong"), ("end", "clock_backwards")]


def test_hostile_keys_and_nul_are_kept_aside_and_harm_nothing(session, mark, school):
    sent = kobo(mark, school.code, {"SOC-06": "meets"})
    sent |= {"__class__": "x", "$where": "1", "a/__proto__": {"x": 1}, "nul\x00": "y", "remarks": "a\x00b\ud800"}

    outcome = take(session, sent)

    assert counts(outcome) == {"added": 1}
    assert {one.code for one in outcome.problems} == {"key_strange"}
    raw = session.scalar(text("SELECT raw FROM submission_version"))
    assert raw["remarks"] == "ab"
    assert set(raw["left out"]) == {"__class__", "$where", "a/__proto__", "nul\\x00"}


def test_the_number_decides_where_it_contradicts_the_answer(session, mark, school):
    outcome = take(session, kobo(mark, school.code, {"PRE-02": "meets"}, PRE_02_value="1"))

    assert codes(outcome) == [("PRE_02", "answer_contradicts")]
    assert [row[2] for row in answers(session)] == ["fails"]


def test_an_answer_taken_over_keeps_the_day_of_its_evidence(session, mark, school):
    earlier = {"SOC_06_last": "meets", "SOC_06_last_on": "2025-03-01", "SOC_07_last": "meets",
               "SOC_07_last_on": "2025-03-01", "SOC_07_seen": "yes"}  # fmt: skip

    take(session, kobo(mark, school.code, {"SOC-06": "meets", "SOC-07": "meets"}, **earlier))

    assert [(row[0], row[5]) for row in answers(session)] == [("SOC-06", "2025-03-01"), ("SOC-07", "2026-05-02")]


def test_odk_central_brings_the_same_and_counts_edits(session, mark, school):
    blocks = ({"block_code": f"{school.code}-1", "STR_03": "meets"},)
    first = odk(mark, school.code, {"SOC-06": "meets"}, blocks=blocks, instance=ONE)
    edited = odk(mark, school.code, {"SOC-06": "fails"}, instance=ONE, edits=1)

    made = take_submissions(session, read_json(odk_page([first])), "central")
    again = take_submissions(session, read_json(odk_page([first])), "central")
    after = take_submissions(session, read_json(odk_page([edited])), "central")

    assert [counts(one) for one in (made, again, after)] == [{"added": 1}, {"unchanged": 1}, {"edited": 1}]
    assert [row[:3] for row in answers(session)] == [("SOC-06", None, "fails")]


def test_protection_comes_by_a_form_of_its_own_into_the_same_assessment_and_table_apart(session, mark, school):
    take(session, kobo(mark, school.code, {"SOC-06": "meets"}))

    outcome = take(session, kobo(mark, school.code, {"SEC-01": "fails"}, protection="1"))

    assert counts(outcome) == {"added": 1}
    assert len(visits(session)) == 1
    assert [row[0] for row in answers(session)] == ["SOC-06"]
    assert [row[0] for row in answers(session, "restricted_answer")] == ["SEC-01"]


def test_who_may_not_enter_protected_answers_cannot_bring_or_read_them(session, mark, school):
    set_scope(session, "national", 5, rights_of([Grant("planner")]))

    outcome = take(session, kobo(mark, school.code, {"SEC-01": "fails"}, SEC_01_note="гвоздь", protection="1"))

    assert counts(outcome) == {"refused": 1}
    assert codes(outcome) == [("protection", "answer_protected")]
    assert "гвоздь" not in json.dumps(session.scalars(text("SELECT raw FROM submission_version")).all())


def test_every_code_that_can_be_told_has_a_message():
    from geodata.validation import submission_messages

    assert set(submission_messages.MESSAGES) <= set(MESSAGES)
