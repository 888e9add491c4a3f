"""The fix-it queue: own territory only, the twin with its distance, a point put right by the steps of a change."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from geodata.models import Revision, School
from geodata.queries import locations
from tests.app.web.revisions.test_pages import form_of
from tests.factories.officers import PASSWORD, become, become_everybody, make_officer
from tests.factories.schools import make_school
from tests.support.pages import check
from tests.support.web import csrf_token

WHY = {"source": "GPS visit 7", "dated": "2026-09-01", "reason": "stood at the gate of another school"}


@pytest.fixture
def staff(session, place):
    return {
        "planner": make_officer(session, "planner", password=PASSWORD, is_synthetic=True),
        "department": make_officer(session, "department", area=place.rayon, password=PASSWORD),
        "oblast": make_officer(session, "oblast", area=place.oblast, password=PASSWORD),
        "local_body": make_officer(session, "local_body", area=place.aimak, password=PASSWORD),
        "school": make_officer(session, "school", school=place.own, password=PASSWORD),
        "council": make_officer(session, "council", area=place.rayon, password=PASSWORD),
        "foreign": make_officer(session, "department", area=place.foreign_rayon, password=PASSWORD),
    }


@pytest.fixture
def doubt(session, place):
    """Two published schools, one in each rayon, both in doubt; a third stands 34 m from the own one."""
    place.own.location_flags = ["duplicate_point"]
    place.foreign.location_flags = ["in_lake"]
    place.own.location, place.foreign.location = "SRID=4326;POINT(74.6 42.87)", "SRID=4326;POINT(77.2 42.4)"
    twin = make_school(session, name_ky="№ 9 эгиз мектеп", location_flags=[])
    twin.location = "SRID=4326;POINT(74.6 42.870306)"
    session.flush()
    return SimpleNamespace(own=place.own, foreign=place.foreign, twin=twin)


def page_at(client, address="/en/work/locations", status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.text[-2000:]
    return check(address, answer)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("planner", {"own", "foreign"}),
        ("oblast", {"own", "foreign"}),
        ("department", {"own"}),
        ("local_body", {"own"}),
        ("school", {"own"}),
        ("foreign", {"foreign"}),
    ],
)
def test_the_queue_holds_the_own_territory_and_nothing_else(desk, doubt, who, sees):
    page = page_at(desk(who))

    codes = {"own": doubt.own.code, "foreign": doubt.foreign.code}
    assert {name for name, code in codes.items() if code in page.text} == sees
    for name in codes.keys() - sees:
        assert codes[name] not in page_at(desk(who), f"/en/work/locations?school={codes[name]}").text


def test_visitors_are_asked_to_sign_in_and_who_sees_no_territory_is_refused(client, desk, doubt):
    assert client.get("/en/work/locations").status_code == 303
    page_at(desk("council"), status=403)


def test_the_database_cuts_the_list_whatever_the_page_asks(session, doubt, staff):
    become_everybody(session)
    assert locations.count_doubtful(session) == 2
    become(session, staff["department"])
    assert [row.code for row in locations.doubtful(session)] == [doubt.own.code]
    assert locations.find_place(session, doubt.foreign.code) is None


def test_the_twin_is_named_and_drawn_with_its_distance(desk, doubt):
    page = page_at(desk("department"), f"/en/work/locations?school={doubt.own.code}")

    (twin,) = page.all(".//ul[@class='twins']/li")
    assert doubt.twin.code in "".join(twin.itertext())
    assert "34 m" in "".join(twin.itertext())  # 0.000306 degrees of latitude x 111.19 km
    (drawn,) = page.all(".//{*}svg[@class='svgmap']")
    assert len([one for one in drawn.iter() if one.attrib.get("class") == "gap"]) == 1
    assert "34 m" in "".join(drawn.itertext())


def put_right(client, school, **changes):
    address = f"/en/work/locations?school={school.code}"
    sent = form_of(client.get(address).text)
    return client.post(address, data={**sent, **WHY, **changes})


def test_a_point_put_right_goes_the_way_of_every_change(session, desk, doubt):
    answer = put_right(desk("local_body"), doubt.own, location="42.8801, 74.6102", location_quality="surveyed")

    assert answer.status_code == 303, answer.text[-1500:]
    assert answer.headers["Location"].endswith(f"school={doubt.own.code}#place")
    become_everybody(session)
    revision = session.scalars(select(Revision)).one()
    assert revision.status == "submitted"
    assert set(revision.changes) == {"location", "location_quality"}
    assert revision.source == "GPS visit 7"
    page = page_at(desk("department"), f"/en/work/locations?school={doubt.own.code}")
    assert "a correction is under way" in page.text
    assert f"/en/work/changes/{revision.id}" in page.links()
    assert session.scalar(select(School.location_flags).where(School.id == doubt.own.id)) == ["duplicate_point"]


def test_the_form_opens_with_the_stored_point_and_an_unchanged_one_is_no_change(desk, doubt):
    client = desk("department")
    sent = form_of(client.get(f"/en/work/locations?school={doubt.own.code}").text)

    assert sent["location"] == ["42.8700000, 74.6000000"]
    assert put_right(client, doubt.own).status_code == 422


def test_what_cannot_be_a_place_is_said_at_its_field_and_nothing_is_written(session, desk, doubt):
    client = desk("department")

    for changes in ({"location": "north"}, {"location": ""}, {"location": "42.88, 74.61", "source": ""}):
        answer = put_right(client, doubt.own, **changes)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
    become_everybody(session)
    assert session.scalars(select(Revision)).all() == []


@pytest.mark.parametrize("typed", ["42,8801 74,6102", "42,8801, 74,6102", "42,8801; 74,6102", "42.8801 74.6102"])
def test_decimal_commas_are_read_like_points(session, desk, doubt, typed):
    assert put_right(desk("local_body"), doubt.own, location=typed).status_code == 303
    become_everybody(session)
    assert session.scalars(select(Revision)).one().changes["location"] == [74.6102, 42.8801]


def test_degrees_out_of_range_are_called_so_and_no_metres(desk, doubt):
    answer = put_right(desk("local_body"), doubt.own, location="999, 999")

    assert answer.status_code == 422
    assert "out of range" in answer.text
    assert "metres of a projection" not in answer.text


@pytest.mark.parametrize(("language", "bar"), [("ky", "0,05"), ("ru", "0,05"), ("en", "0.05")])
def test_the_scale_bar_is_written_as_the_language_writes_numbers(desk, doubt, language, bar):
    page = page_at(desk("department"), f"/{language}/work/locations?school={doubt.own.code}&across=0.3")

    (drawn,) = page.all(".//{*}svg[@class='svgmap']")
    (scale,) = [one for one in drawn.iter() if one.attrib.get("class") == "scale"]
    assert "".join(scale.itertext()).startswith(bar)


def test_two_people_never_overwrite_each_other(session, desk, doubt):
    client, address = desk("department"), f"/en/work/locations?school={doubt.own.code}"
    opened = form_of(client.get(address).text)
    become_everybody(session)
    doubt.own.location = "SRID=4326;POINT(74.7 42.9)"
    doubt.own.version += 1
    session.flush()

    answer = client.post(address, data={**opened, **WHY, "location": "42.88, 74.61"})

    assert answer.status_code == 409
    page = check(address, answer)
    assert "now 42.9" in page.text
    become_everybody(session)
    assert session.scalars(select(Revision)).all() == []


def test_nobody_puts_a_foreign_school_right(session, desk, doubt):
    client = desk("department")
    token = csrf_token(client, "/en/work/locations")
    sent = {"csrf_token": token, "stamp": "1.0.0", "shown": "{}", "location": "42.88, 74.61", **WHY}

    answer = client.post(f"/en/work/locations?school={doubt.foreign.code}", data=sent)

    assert answer.status_code in (403, 404)
    become_everybody(session)
    assert session.scalars(select(Revision)).all() == []


def test_who_may_only_look_gets_no_form(desk, doubt):
    page = page_at(desk("oblast"), f"/en/work/locations?school={doubt.own.code}")

    assert page.all(".//main//form[@method='post']") == []
    assert "can put the point right" in page.text
