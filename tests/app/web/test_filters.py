"""One address, one filter: what is written is read back, what cannot be read is named."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.web.filters import (
    GRADES,
    OWNERSHIP,
    InvalidFilterError,
    is_filtered,
    read_filter,
    read_page,
    write_filter,
)
from geodata.records.priority import SORTS, ListFilter


def address(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(pairs)


def test_nothing_asked_is_the_whole_list():
    assert read_filter(address()) == ListFilter()
    assert write_filter(ListFilter()) == {}


def test_repeated_and_comma_separated_choices_are_the_same():
    repeated = read_filter(address(("grade", "E"), ("grade", "D"), ("confidence", "4,1")))

    assert repeated == read_filter(address(("grade", "D,E"), ("confidence", "1"), ("confidence", "4")))
    assert repeated.grades == ("D", "E")
    assert repeated.confidence == (1, 4)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grade", "F"),
        ("confidence", "5"),
        ("ownership", "church"),
        ("level", "0"),
        ("queue", "autumn"),
        ("hazard", "altitude"),
        ("date", "23.11.2026"),
        ("sort", "id; DROP TABLE school"),
        ("desc", "maybe"),
        ("run", "xyz"),
        ("run", "abc"),
        ("q", "a\x00b"),
        ("q", "а" * 201),
        ("area", "4" * 101),
    ],
)
def test_what_cannot_be_read_is_named(field, value):
    with pytest.raises(InvalidFilterError) as refused:
        read_filter(address((field, value)))

    assert refused.value.field == field
    assert refused.value.value == value[:200].strip()


FILTERS = st.builds(
    ListFilter,
    run=st.none() | st.text("0123456789abcdef", min_size=8, max_size=64),
    area=st.none() | st.text("0123456789DEMO-", min_size=1, max_size=20),
    q=st.none() | st.text("өүңабв №1", min_size=1, max_size=20).map(str.strip).filter(bool),
    grades=st.sets(st.sampled_from(GRADES)).map(lambda chosen: tuple(sorted(chosen, key=GRADES.index))),
    confidence=st.sets(st.integers(1, 4)).map(lambda chosen: tuple(sorted(chosen))),
    ownership=st.sets(st.sampled_from(OWNERSHIP)).map(lambda chosen: tuple(sorted(chosen, key=OWNERSHIP.index))),
    hazard=st.none() | st.just("flood"),
    hazard_level=st.none() | st.integers(1, 4),
    domain=st.none() | st.just("STR"),
    queue=st.none() | st.sampled_from(("build", "design", "summer")),
    date=st.none() | st.dates(date(1991, 8, 31), date(2100, 1, 1)),
    sort=st.sampled_from(SORTS),
    descending=st.booleans(),
)


@given(FILTERS)
def test_what_is_written_is_read_back(wanted):
    pairs = [
        (name, part)
        for name, value in write_filter(wanted).items()
        for part in (value if isinstance(value, list) else [value])
    ]

    assert read_filter(address(*pairs)) == wanted


def test_a_change_replaces_one_thing_and_keeps_the_rest():
    wanted = ListFilter(area="417", grades=("E",))

    assert write_filter(wanted, grades=("D", "E")) == {"area": "417", "grade": ["D", "E"]}
    assert write_filter(wanted, area=None) == {"grade": ["E"]}


def test_pages_are_bounded():
    assert read_page(address()) == (50, 0)
    assert read_page(address(("limit", "100000"), ("offset", "70"))) == (500, 70)


@pytest.mark.parametrize(
    ("field", "value"),
    [("limit", "0"), ("limit", "-1"), ("limit", "ten"), ("offset", "-1"), ("limit", "٣"), ("offset", "99999999")],
)
def test_a_page_that_cannot_be_is_named(field, value):
    with pytest.raises(InvalidFilterError) as refused:
        read_page(address((field, value)))

    assert refused.value.field == field


def test_an_order_is_no_restriction():
    assert not is_filtered(ListFilter(run="a" * 64, sort="name", descending=True))
    assert is_filtered(ListFilter(area="417"))
