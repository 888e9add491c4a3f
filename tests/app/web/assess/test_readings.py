"""Readings of instruments: beside the norm, with season, shift and calibration; a file is taken whole or not at all."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from sqlalchemy import text

from app.workflows.assess_readings import is_calibrated, season_of
from tests.app.web.assess.conftest import begin, page_at, token
from tests.factories.officers import become_everybody
from tests.support.pages import check


@pytest.fixture
def address(desk, place):
    return begin(desk(), place)


def form(client, address, **fields):
    given = {"criterion": "LRN-01", "value": "250", "measured_at": "2026-01-15T10:00", "instrument": "lux meter 7"}
    return client.post(f"{address}/readings", data={**given, **fields, "csrf_token": token(client, address)})


def file(client, address, content):
    data = content if isinstance(content, bytes) else content.encode()
    form = {"csrf_token": token(client, address), "file": (BytesIO(data), "readings.csv")}
    return client.post(f"{address}/readings/file", data=form)


def stored(session):
    become_everybody(session)
    return session.execute(text("SELECT value, measured_at, shift, instrument, room FROM reading ORDER BY id")).all()


def test_a_reading_stands_beside_its_norm_with_season_shift_and_calibration(desk, place, session, address):
    client = desk()
    assert form(client, address, shift="2", room="12", calibrated_on="2025-06-01").status_code == 303
    assert form(client, address, value="320,5", room="13", calibrated_on="2024-06-01").status_code == 303
    page = page_at(client, f"{address}/readings")

    first, second = page.rows()[:2]
    assert "Fails" in first[2]
    assert "winter" in first[3]
    assert "shift 2" in first[3]
    assert "out of calibration" not in first[4]
    assert "Meets" in second[2]
    assert "out of calibration" in second[4]
    row = stored(session)[0]
    assert row.measured_at == datetime(2026, 1, 15, 4, tzinfo=UTC)  # ten o'clock in Bishkek


def test_a_file_is_taken_and_the_same_file_again_adds_nothing(desk, place, session, address):
    client, block = desk(), place.blocks[0].code
    rows = "".join(f"LRN-01;{block};{at};{200 + at};lux;2026-01-15T09:00;1;meter 7;2025-12-01;\n" for at in range(20))
    head = "criterion;building;room;value;unit;measured_at;shift;instrument;calibrated_on;note\n"

    for _ in range(2):
        assert file(client, address, "\ufeff" + head + rows).status_code == 303

    assert len(stored(session)) == 20


def test_one_faulty_row_leaves_everything_out_and_each_is_named(desk, place, session, address):
    client = desk()
    content = (
        "criterion,value,unit,measured_at,instrument,shift\n"
        "LRN-01,250,lux,2026-01-15T09:00,meter,1\n"
        "LRN-01,many,lux,2026-01-15T09:00,meter,1\n"
        "LRN-01,250,ppm,2026-01-15T09:00,meter,1\n"
        "LRN-01,250,lux,2999-01-15T09:00,meter,1\n"
        "NONE-01,250,lux,2026-01-15T09:00,meter,1\n"
        "WSH-01,1,,2026-01-15T09:00,meter,1\n"
        "LRN-01,250,lux,2026-01-15T09:00,,1\n"
        "LRN-01,250,lux,2026-01-15T09:00,meter,9\n"
    )
    answer = file(client, address, content)

    assert answer.status_code == 422
    page = check(address, answer)
    for row in range(3, 10):
        assert f"Row {row}," in page.text
    assert "Row 2," not in page.text
    assert stored(session) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", "a,b\n1,2\n", 'criterion,value\n"open', "\0"])
def test_what_is_no_table_of_readings_is_told(desk, place, session, address, content):
    assert file(desk(), address, content).status_code == 422
    assert stored(session) == []


def test_a_reading_of_the_protection_group_or_of_no_number_is_refused(desk, place, session, address):
    client = desk()

    assert form(client, address, criterion="SEC-01").status_code == 422
    assert form(client, address, criterion="WSH-01").status_code == 422
    assert stored(session) == []


def test_a_reading_is_taken_away_only_while_the_assessment_is_open(desk, place, session, address):
    client = desk()
    form(client, address)
    become_everybody(session)
    number = session.scalar(text("SELECT id FROM reading"))
    client = desk()
    sent = {"csrf_token": token(client, address)}
    client.post(f"{address}/submit", data=sent)
    assert client.post(f"{address}/readings/{number}/remove", data=sent).status_code == 409
    client.post(f"{address}/take-back", data=sent)
    assert client.post(f"{address}/readings/{number}/remove", data=sent).status_code == 303

    assert stored(session) == []


@pytest.mark.parametrize(
    ("month", "season"), [(12, "winter"), (2, "winter"), (3, "spring"), (8, "summer"), (11, "autumn")]
)
def test_seasons_follow_the_month(month, season):
    assert season_of(date(2026, month, 1)) == season


def test_calibration_holds_a_year_and_unknown_is_none():
    day = date(2026, 3, 1)

    assert [is_calibrated(one, day) for one in (date(2025, 3, 1), date(2025, 2, 28), date(2026, 3, 2), None)] == [
        True,
        False,
        False,
        False,
    ]
