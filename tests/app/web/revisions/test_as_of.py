"""A school as of a past day: what was public then, for everybody, and nothing that never was."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from geodata.database import set_scope
from geodata.models import Building, ImportBatch, ImportRow, Revision
from geodata.queries import past
from tests.factories.officers import become, become_everybody, make_officer, make_two_rayons
from tests.factories.runs import make_result, make_run
from tests.support.pages import PageClient

NOON = datetime(2026, 3, 10, 6, tzinfo=UTC)  # noon in Bishkek


def day(number):
    return NOON + timedelta(days=number)


@pytest.fixture
def place(session):
    made = make_two_rayons(session)
    session.execute(
        text("UPDATE school SET created_at = :at, pupils = 640, seats = 350 WHERE id = :id"),
        {"at": day(0), "id": made.own.id},
    )
    return made


def note_import(session, school, on, old, new, undone=None):
    batch = ImportBatch(
        kind="schools", file_name="f", file_sha256="0" * 64, file_bytes=1, status="committed", committed_at=on,
        undone_at=undone,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    old = {**old, "provenance": {}, "_": {"version": 1}}
    session.add(
        ImportRow(
            batch_id=batch.id, row_number=2, action="changed", key=school.code, record_id=school.id, old=old, new=new
        )
    )
    session.flush()


def rows(app, school, on, status=200):
    page = PageClient(app).get(f"/en/schools/{school.code}?date={on:%Y-%m-%d}", status=status)
    return {row[0]: row[1:] for row in page.rows()}, page


def test_values_are_walked_back_over_imports(session, app, place):
    note_import(session, place.own, day(2), {"pupils": 400}, {"pupils": 500})
    note_import(session, place.own, day(5), {"pupils": 500, "seats": 300}, {"pupils": 640, "seats": 350})

    found = {number: rows(app, place.own, day(number))[0] for number in (1, 3, 6)}

    assert [found[number]["Pupils"][0] for number in (1, 3, 6)] == ["400", "500", "640"]
    assert [found[number]["Seats by design"][0] for number in (1, 3, 6)] == ["300", "300", "350"]
    assert [found[number]["Pupils"][1] for number in (1, 6)] == ["640", ""]


def test_an_import_counts_from_its_day_to_the_day_it_was_taken_back(session, app, place):
    note_import(session, place.own, day(2), {"pupils": 640}, {"pupils": 9000}, undone=day(4))

    assert [rows(app, place.own, day(number))[0]["Pupils"][0] for number in (1, 3, 5)] == ["640", "9,000", "640"]


def test_before_its_day_of_entry_nothing_is_claimed(session, app, place):
    found, page = rows(app, place.own, day(-3))

    assert found == {}
    assert "Nothing was public about this school on that day" in page.text
    assert "640" not in page.text


def test_a_past_state_is_marked_and_leads_back(session, app, place):
    _, page = rows(app, place.own, day(1))

    assert "not of today" in page.text
    assert f"/en/schools/{place.own.code}" in page.links()


def test_the_day_ends_in_bishkek(session, app, place):
    late = datetime(2026, 3, 12, 17, 30, tzinfo=UTC)  # half past eleven at night
    note_import(session, place.own, late, {"pupils": 400}, {"pupils": 640})

    assert rows(app, place.own, late - timedelta(days=1))[0]["Pupils"][0] == "400"
    assert rows(app, place.own, late)[0]["Pupils"][0] == "640"


def test_buildings_come_and_change(session, app, place):
    session.add_all(
        Building(code=f"{place.own.code}-{name}", school_id=place.own.id, name=name, created_at=at, storeys=2)
        for name, at in (("old", day(0)), ("new", day(4)))
    )
    session.flush()

    assert "new" not in rows(app, place.own, day(1))[1].text
    assert "new" in rows(app, place.own, day(4))[1].text


def test_the_ranking_of_that_day_stands_beside_it(session, app, place):
    for number, rank, run_hash in ((1, 7, "a" * 64), (5, 3, "b" * 64)):
        run = make_run(session, run_hash, published_at=day(number), school_count=9, ranked_count=9)
        make_result(session, run, place.own, rank)

    assert "Rank 7 of 9" in rows(app, place.own, day(2))[1].text
    assert "Rank 3 of 9" in rows(app, place.own, day(5))[1].text
    assert "No ranking had been published by that day" in rows(app, place.own, day(0))[1].text


@pytest.mark.parametrize("wanted", ["2999-01-01", "yesterday", "1800-01-01", "2026-13-40"])
def test_what_is_no_past_day_is_refused(session, app, place, wanted):
    assert app.test_client().get(f"/en/schools/{place.own.code}?date={wanted}").status_code == 400


def test_today_is_the_page_itself(session, app, place):
    today = past.today_in_country(session)
    answer = app.test_client().get(f"/en/schools/{place.own.code}?date={today}")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/en/schools/{place.own.code}")


def test_a_published_change_is_history_and_a_draft_is_not(session, place):
    """Written as the database would: by the author, the verifier and the publisher, each in their own right."""
    from tests.app.workflows.test_revise import bring

    staff = {
        "local_body": make_officer(session, "local_body", area=place.aimak),
        "department": make_officer(session, "department", area=place.rayon),
        "oblast": make_officer(session, "oblast", area=place.oblast),
    }
    session.execute(text("UPDATE school SET pupils = 400 WHERE id = :id"), {"id": place.own.id})
    before = datetime.now(UTC)
    bring(session, staff, place.own, "published")
    become(session, staff["local_body"])
    session.add(
        Revision(
            kind="school", school_id=place.own.id, changes={"pupils": 1}, base={"pupils": 640}, base_version=2,
            created_by=staff["local_body"].id,
        )
    )  # fmt: skip
    session.flush()

    become(session, None)
    assert past.past_school(session, place.own.code, before).facts["pupils"] == 400
    assert past.past_school(session, place.own.code, datetime.now(UTC)).facts["pupils"] == 640


def test_the_past_of_what_is_not_public_is_not_told(session, place):
    note_import(session, place.own, day(2), {"pupils": 400}, {"pupils": 640})
    events = text("SELECT count(*) FROM record_past('school', :id)")
    for scope, is_published, seen in (("public", True, 1), ("public", False, 0), ("none", True, 0)):
        become_everybody(session)
        session.execute(
            text("UPDATE school SET is_published = :on WHERE id = :id"), {"on": is_published, "id": place.own.id}
        )
        set_scope(session, scope)
        assert session.execute(events, {"id": place.own.id}).scalar() == seen
