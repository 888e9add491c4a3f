"""Several layers of one hazard: the worse one counts until a decision, which holds only where its layer knows."""

import pytest
from sqlalchemy import select, text

from app.workflows.rank_schools import rank_schools
from app.workflows.settle_hazard import NotSettlingError, Settlement, SettlementIncompleteError, settle_hazard
from geodata.database import DBAPIError
from geodata.models import Exposure, ExposureRun, HazardLayer, SchoolResult
from geodata.queries import hazard_conflicts
from tests.factories.country import make_country
from tests.factories.officers import become, make_officer

WORD = {"reason": "measured by the ministry", "document": "Order No. 9"}


@pytest.fixture
def country(session):
    """A second layer of floods: level 4 at S1, 1 at S2, unknown at the others."""
    made = make_country(session)
    layer = HazardLayer(
        code="flood_other", version=1, hazard="flood", kind="raster", data_sha256="o", is_current=True, is_public=True,
        manifest={"code": "flood_other", "hazard": "flood", "title": "Other floods"},
    )  # fmt: skip
    session.add(layer)
    session.flush()
    run = ExposureRun(layer_id=layer.id, input_sha256="o", is_current=True)
    session.add(run)
    session.flush()
    for code, level in (("S1", 4), ("S2", 1)):
        session.add(Exposure(run_id=run.id, school_id=made.schools[code].id, level=level, status="measured"))
    session.flush()
    return made


def floods(session, country):
    run = rank_schools(session)
    session.expire_all()
    rows = session.execute(
        select(SchoolResult.school_id, SchoolResult.hazard_levels).where(SchoolResult.run_id == run.run_id)
    )
    found = {school_id: levels["flood"] for school_id, levels in rows}
    return run.hash, {code: found[school.id] for code, school in country.schools.items()}


def settle(session, layer, school=None):
    return settle_hazard(session, Settlement("flood", layer, **WORD), school)


def test_the_worse_source_counts_until_it_is_decided(session, country):
    assert floods(session, country)[1]["S1"] == 4


def test_a_decision_makes_another_run_in_which_the_named_source_counts(session, country):
    before = floods(session, country)
    settle(session, "flood_test")
    after = floods(session, country)

    assert after[0] != before[0]
    assert after[1]["S1"] == 2


def test_where_the_named_source_is_unknown_the_others_still_count(session, country):
    before = floods(session, country)[1]
    settle(session, "flood_other")
    after = floods(session, country)[1]

    assert (after["S1"], after["S2"]) == (4, 1)
    assert {code: after[code] for code in ("S3", "S4")} == {code: before[code] for code in ("S3", "S4")}


def test_a_decision_for_one_school_leaves_the_others(session, country):
    settle(session, "flood_other")
    settle(session, "flood_test", country.schools["S1"].id)

    assert floods(session, country)[1]["S1"] == 2
    assert floods(session, country)[1]["S2"] == 1


def test_a_conflict_can_be_opened_again(session, country):
    first = floods(session, country)
    settle(session, "flood_test")
    settle(session, "")

    assert floods(session, country) == first


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"hazard": "landslide"}, ("hazard", "layer_code")),
        ({"layer_code": "landslide_test"}, ("layer_code",)),
        ({"reason": " "}, ("reason",)),
        ({"document": ""}, ("document",)),
    ],
)
def test_what_is_wrong_is_named(session, country, changed, fields):
    sent = {"hazard": "flood", "layer_code": "flood_test", **WORD} | changed
    with pytest.raises(SettlementIncompleteError) as refused:
        settle_hazard(session, Settlement(**sent))

    assert refused.value.fields == fields


@pytest.mark.parametrize("role", ["oblast", "auditor", "administrator"])
def test_only_who_ranks_decides_and_the_database_says_so_too(session, country, role):
    become(session, make_officer(session, role))
    with pytest.raises(NotSettlingError):
        settle(session, "flood_test")
    with pytest.raises(DBAPIError, match="row-level security"):
        hazard_conflicts.add_resolution(session, {"hazard": "flood", "layer_code": "flood_test", **WORD})


def test_a_decision_is_never_changed(session, country):
    settle(session, "flood_test")
    for statement in ("UPDATE hazard_resolution SET reason = 'x'", "DELETE FROM hazard_resolution"):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(statement))


def test_conflicts_are_counted(session, country):
    found = {one.hazard: one for one in hazard_conflicts.count_conflicts(session)}

    assert (found["flood"].schools, found["flood"].most_apart) == (2, 2)
