"""The list query: every view stands on it."""

import pytest

from geodata.database import set_scope
from geodata.queries import priorities, runs
from geodata.records.priority import ListFilter
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school


@pytest.fixture
def ranked(session):
    run = make_run(session)
    first = make_school(session, code="00000001", name_ky="№ 11 Өзгөн орто мектеби", ownership="state")
    second = make_school(session, code="00000002", name_ky="№ 12 Кара-Суу орто мектеби", name_ru=None, name_en=None)
    make_result(session, run, first, 1, grade="E", confidence=4)
    make_result(session, run, second, 2, grade=None, confidence=1, hazard_levels={"flood": None, "landslide": 4})
    return run


def codes(session, run, **wanted):
    return [row.code for row in priorities.select_rows(session, run.id, ListFilter(**wanted))]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({}, ["00000001", "00000002"], id="everything by rank"),
        pytest.param({"grades": ("E",)}, ["00000001"], id="one grade"),
        pytest.param({"grades": ("unknown",)}, ["00000002"], id="no grade is a value of its own"),
        pytest.param({"hazard": "flood"}, ["00000001"], id="unknown level is not below, it is unknown"),
        pytest.param({"hazard": "landslide", "hazard_level": 4}, ["00000002"], id="least level"),
        pytest.param({"q": "ozgon 11"}, ["00000001"], id="Latin letters find the Kyrgyz name"),
        pytest.param({"q": "?!"}, [], id="punctuation alone finds nothing, not everything"),
        pytest.param({"q": "00000002"}, ["00000002"], id="a code with its leading zeros"),
        pytest.param({"ownership": ("state",)}, ["00000001"], id="ownership"),
        pytest.param({"confidence": (1,)}, ["00000002"], id="confidence"),
        pytest.param({"area": "no-such-area"}, [], id="an unknown area is empty"),
        pytest.param({"sort": "rank", "descending": True}, ["00000002", "00000001"], id="reverse"),
    ],
)
def test_filter(session, ranked, wanted, expected):
    assert codes(session, ranked, **wanted) == expected
    assert priorities.count_rows(session, ranked.id, ListFilter(**wanted)) == len(expected)


def test_facets_count_each_dimension_under_the_other_filters(session, ranked):
    counts = priorities.facets(session, ranked.id, ListFilter(grades=("E",)))

    assert counts["grade"] == {"E": 1, "unknown": 1}
    assert counts["confidence"] == {"4": 1}
    assert counts["all"] == {"filtered": 1, "total": 2}


def test_unknown_stays_unknown(session, ranked):
    row = priorities.select_rows(session, ranked.id, ListFilter())[1]

    assert row.grade is None
    assert row.factor_raw[1] is None
    assert row.hazard_levels == {"flood": None, "landslide": 4}


def test_public_sees_published_runs_only(session):
    run = make_run(session, "b" * 64, published=False)
    make_result(session, run, make_school(session), 1)
    session.flush()

    set_scope(session, "public")

    assert runs.published_run(session, "b" * 64) is None
    assert priorities.count_rows(session, run.id, ListFilter()) == 0


def test_facets_say_what_each_filter_hides(session, ranked):
    counts = priorities.facets(session, ranked.id, ListFilter(grades=("E",), q="ozgon", hazard="landslide"))

    assert counts["all"]["filtered"] == 0
    assert counts["without"] == {"q": 0, "grade": 0, "hazard": 1}


def test_neighbours_stand_around_the_school(session, ranked):
    row = priorities.select_rows(session, ranked.id, ListFilter())[0]

    assert [near.code for near in priorities.neighbours(session, ranked.id, row.school_id)] == ["00000001", "00000002"]
    assert priorities.neighbours(session, ranked.id, -1) == []
