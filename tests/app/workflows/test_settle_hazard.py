"""Several layers of one hazard: the worse one counts until a decision, which holds only where its layer knows."""

import math

import pytest
from sqlalchemy import select, text

from app.web.conflicts.values import compared_shaking
from app.workflows import ranking_sources
from app.workflows.rank_schools import rank_schools
from app.workflows.settle_hazard import NotSettlingError, Settlement, SettlementIncompleteError, settle_hazard
from app.workflows.survey_score import zone_of
from geodata.database import DBAPIError
from geodata.models import Exposure, ExposureRun, HazardLayer, SchoolResult
from geodata.queries import exposures, hazard_conflicts, schools
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
    found = {one.hazard: one for one in hazard_conflicts.count_conflicts(session, compared_shaking())}

    assert (found["flood"].schools, found["flood"].most_apart) == (2, 2)


@pytest.fixture
def zoned(session, country):
    """A map of zones beside the 475-year map of rock: MSK 9 at S1, where the other says 0.3 g on rock."""
    layer = HazardLayer(
        code="zones", version=1, hazard="earthquake", kind="polygon", data_sha256="z", is_current=True, is_public=True,
        manifest={"code": "zones", "hazard": "earthquake", "title": "Zones", "quantity": "msk"},
    )  # fmt: skip
    session.add(layer)
    session.flush()
    run = ExposureRun(layer_id=layer.id, input_sha256="z", is_current=True)
    session.add(run)
    session.flush()
    session.add(Exposure(run_id=run.id, school_id=country.schools["S1"].id, value=9.0, level=4, status="measured"))
    session.flush()
    return country


def motions(session, country):
    """Return the motion that counted, and the yearly loss, at the first building of S1."""
    run = rank_schools(session)
    building = schools.buildings(session, country.schools["S1"].id, run.run_id)[0]
    return round(building.risk["motion_g"], 4), building.risk["eal_som"]["central"], building.risk["day_severe"]


def test_the_greater_motion_counts_in_loss_and_day_until_it_is_decided(session, zoned):
    open_motion, open_loss, open_day = motions(session, zoned)
    settle_hazard(session, Settlement("earthquake", "earthquake_test", **WORD))
    rock_motion, rock_loss, rock_day = motions(session, zoned)

    assert (open_motion, rock_motion) == (0.40, 0.36)
    assert open_loss > rock_loss
    assert open_day["central"] > rock_day["central"]


def test_a_survey_of_a_building_reads_the_same_shaking(session, zoned):
    school = zoned.schools["S1"].id
    found = exposures.of_school(session, school)
    named = ranking_sources.decided_layer([hazard_conflicts.Resolution("earthquake", None, "earthquake_test")],
                                          "earthquake", school)  # fmt: skip
    decided = ranking_sources.settled_exposures(found, named, None)

    assert zone_of(found, 0) == pytest.approx(9.0)
    assert zone_of(decided, 0) == pytest.approx(7 + math.log2(3.6))
