"""A point that cannot be right is told to who sends it and to who verifies it; one correction of a point at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from geodata.models import AreaBoundary, Revision
from tests.app.web.revisions.test_pages import form_of, step
from tests.app.web.work.test_locations import WHY, page_at, put_right
from tests.factories.officers import PASSWORD, become_everybody, make_officer
from tests.factories.schools import make_school
from tests.support.pages import check

FAR = "42.4, 76.2"
"""About 140 km east of the school of ``placed``, outside its area."""
NEAR = "42.8801, 74.6102"


@pytest.fixture
def staff(session, place):
    return {
        "local_body": make_officer(session, "local_body", area=place.aimak, password=PASSWORD),
        "department": make_officer(session, "department", area=place.rayon, password=PASSWORD),
        "planner": make_officer(session, "planner", password=PASSWORD, is_synthetic=True),
    }


@pytest.fixture
def placed(session, place):
    """The own school in doubt, in an aimak with an outline."""
    place.own.location, place.own.location_flags = "SRID=4326;POINT(74.6 42.87)", ["duplicate_point"]
    shape = "SRID=4326;MULTIPOLYGON(((74.4 42.7,74.8 42.7,74.8 43,74.4 43,74.4 42.7)))"
    session.add(
        AreaBoundary(
            area_id=place.aimak.id,
            geom=shape,
            geom_mid=shape,
            geom_low=shape,
            label_point="SRID=4326;POINT(74.6 42.85)",
            quality="sketch",
        )
    )
    session.flush()
    return place.own


def sent(session):
    become_everybody(session)
    session.expire_all()
    return session.scalars(select(Revision).where(Revision.status == "submitted").order_by(Revision.id)).all()


def edit(client, school, **changes):
    address = f"/en/schools/{school.code}/edit"
    opened = form_of(client.get(address).text)
    return client.post(address, data={**opened, **WHY, "action": "submit", **changes})


@pytest.mark.parametrize("way", [put_right, edit])
def test_a_point_far_away_is_sent_only_with_a_second_confirmation(session, desk, place, placed, way):
    client = desk("local_body")

    answer = way(client, placed, location=FAR)

    assert answer.status_code == 422, answer.headers.get("Location")
    page = check("/en/x", answer)
    assert "km from the former point" in page.text
    assert place.aimak.name_en in "".join(page.all(".//ul[@class='doubts']")[0].itertext())
    assert sent(session) == []
    (box,) = page.all(".//input[@name='confirmed_point']")
    assert "checked" not in box.attrib

    other = way(client, placed, location="42.5, 76.3", confirmed_point=box.attrib["value"])
    assert other.status_code == 422  # another point than the one that was confirmed
    again = way(client, placed, location=FAR, confirmed_point=box.attrib["value"])
    assert again.status_code == 303, again.text[-2000:]
    assert len(sent(session)) == 1


def test_a_point_near_by_needs_no_confirmation(session, desk, placed):
    assert put_right(desk("local_body"), placed, location=NEAR).status_code == 303
    assert len(sent(session)) == 1


def test_a_draft_with_such_a_point_is_not_submitted_from_its_own_page_either(session, desk, placed):
    client = desk("local_body")
    saved = edit(client, placed, location=FAR, action="save")
    address = saved.headers["Location"]

    assert step(client, address, "submit").status_code == 422
    assert sent(session) == []
    opened = form_of(client.get(address).text)
    (box,) = page_at(client, address).all(".//input[@name='confirmed_point']")
    answer = client.post(f"{address}/submit", data={**opened, "confirmed_point": box.attrib["value"]})
    assert answer.status_code == 303
    assert len(sent(session)) == 1


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_who_verifies_reads_distance_and_doubts_and_sees_both_points(session, desk, place, placed, language):
    twin = make_school(session, name_ky="эгиз")
    twin.location = "SRID=4326;POINT(76.2 42.4)"
    session.execute(
        text("""
            INSERT INTO base_map_feature (kind, geom, source)
            VALUES ('lake', ST_GeomFromText('POLYGON((76 42.3,76.4 42.3,76.4 42.5,76 42.5,76 42.3))', 4326), 'test')
        """)
    )
    session.flush()
    client = desk("local_body")
    value = check("/en/x", put_right(client, placed, location=FAR)).all(".//input[@name='confirmed_point']")[0]
    put_right(client, placed, location=FAR, confirmed_point=value.attrib["value"])
    (change,) = sent(session)

    page = page_at(desk("department"), f"/{language}/work/changes/{change.id}")

    (part,) = page.all(".//section[@id='point']")
    words = "".join(part.itertext())
    assert "141" in words
    assert len(part.findall(".//{*}ul[@class='doubts']/{*}li")) == 4  # far, outside, lake, twin
    assert twin.code in words
    assert len(part.findall(".//{*}svg[@class='svgmap']")) == 1


def test_an_unknown_former_point_gives_no_distance(session, desk, placed):
    placed.location, placed.location_flags = None, ["no_location"]
    session.flush()

    assert put_right(desk("local_body"), placed, location=NEAR).status_code == 303
    (change,) = sent(session)
    page = page_at(desk("department"), f"/en/work/changes/{change.id}")
    (part,) = page.all(".//section[@id='point']")
    assert "former point is unknown" in "".join(part.itertext())
    assert " km from" not in "".join(part.itertext())


def test_a_second_correction_of_the_same_point_waits_for_the_first(session, desk, placed):
    client, address = desk("local_body"), f"/en/work/locations?school={placed.code}"
    opened = form_of(client.get(address).text)
    assert client.post(address, data={**opened, **WHY, "location": NEAR}).status_code == 303
    (first,) = sent(session)

    page = page_at(client, address)
    assert page.all(".//form[@class='revision']") == []
    assert f"/en/work/changes/{first.id}" in page.links()
    for client_of in ("local_body", "department"):
        answer = desk(client_of).post(address, data={**opened, **WHY, "location": "42.8802, 74.6103"})
        assert answer.status_code in (403, 409, 400), client_of
        other = edit(desk(client_of), placed, location="42.8803, 74.6104")
        assert other.status_code == 409, client_of
        assert f"/en/work/changes/{first.id}" in check("/en/x", other).links()
    assert [one.id for one in sent(session)] == [first.id]


def test_after_a_withdrawal_the_point_can_be_corrected_again(session, desk, placed):
    client = desk("local_body")
    put_right(client, placed, location=NEAR)
    (first,) = sent(session)
    assert step(client, f"/en/work/changes/{first.id}", "withdraw").status_code == 303

    assert put_right(client, placed, location="42.8802, 74.6103").status_code == 303
    assert len(sent(session)) == 1


def test_the_queue_of_a_foreign_area_is_refused_and_not_called_clean(desk, place, placed):
    client = desk("department")

    foreign = client.get(f"/en/work/locations?area={place.foreign_rayon.code}")
    assert foreign.status_code == 403
    assert "is in doubt" not in foreign.text
    for area in (place.rayon, place.aimak, place.oblast):
        page_at(client, f"/en/work/locations?area={area.code}")
    page_at(desk("planner"), f"/en/work/locations?area={place.foreign_rayon.code}")


def test_an_unknown_school_is_said_beside_the_whole_queue(desk, place, placed):
    client = desk("department")

    assert "No school of your territory has the code" in page_at(client, "/en/work/locations?school=xx").text
    foreign = page_at(client, f"/en/work/locations?school={place.foreign.code}")
    assert "No school of your territory has the code" in foreign.text
    own = page_at(client, f"/en/work/locations?school={placed.code}")
    assert "No school of your territory has the code" not in own.text
