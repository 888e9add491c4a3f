"""Numbers and dates as each language writes them."""

from datetime import UTC, date, datetime

import pytest

from app.i18n.formats import format_date, format_moment, format_month, format_number, format_percent


@pytest.mark.parametrize(
    ("value", "decimals", "ky", "en"),
    [
        pytest.param(1234.5, 1, "1\u00a0234,5", "1,234.5", id="groups of three, decimal comma"),
        pytest.param(-12.3, 1, "\u221212,3", "\u221212.3", id="a true minus"),
        pytest.param(-0.04, 1, "0,0", "0.0", id="what rounds to nothing has no sign"),
        pytest.param(0, 0, "0", "0", id="nothing is a number"),
        pytest.param(None, 0, "Белгисиз", "Unknown", id="unknown is a word"),
        pytest.param(float("nan"), 2, "Белгисиз", "Unknown", id="not a number is unknown too"),
    ],
)
def test_number(value, decimals, ky, en):
    assert format_number(value, "ky", decimals) == ky
    assert format_number(value, "en", decimals) == en


def test_percent_stands_apart_in_kyrgyz_and_russian():
    assert [format_percent(84.4, language) for language in ("ky", "ru", "en")] == ["84\u00a0%", "84\u00a0%", "84%"]
    assert format_percent(None, "ru") == "Неизвестно"


def test_day():
    day = date(2026, 11, 23)
    assert format_date(day, "ky") == "2026-жылдын 23-ноябры"
    assert format_date(day, "ru") == "23\u00a0ноября 2026\u00a0г."
    assert format_date(day, "en") == "23 November 2026"
    assert format_month(2019, 11, "ru") == "ноябрь 2019\u00a0г."


def test_a_moment_late_in_the_evening_of_greenwich_is_of_the_next_day_in_bishkek():
    late = datetime(2026, 11, 30, 20, 5, tzinfo=UTC)
    assert format_date(late, "en") == "1 December 2026"
    assert format_moment(late, "ky") == "2026-жылдын 1-декабры, 02:05"
