"""How firm a rank is, and second opinions on buildings, as pages say it in three languages."""

from __future__ import annotations

import pytest

from app.prioritisation.stability import LABELS as ROBUSTNESS_LABELS
from app.risk.parameters import MODIFIERS as ENGINE_MODIFIERS
from app.web.schools.firmness import ITEMS, LABELS, MODIFIERS
from app.workflows.rank_schools import rank_schools
from app.workflows.ranking_screening import ITEMS as SCREENING_ITEMS
from tests.factories.country import make_country
from tests.support.pages import PageClient


@pytest.fixture
def made(session):
    country = make_country(session)
    country.buildings["S1-1"].vertical_irregularity = True
    session.flush()
    return country


@pytest.fixture
def pages(app):
    return PageClient(app)


def section(page, name):
    """Return the text of a section by its id, empty where there is none."""
    return " ".join("".join(found.itertext()) for found in page.all(f".//section[@id='{name}']"))


def test_every_code_has_its_words():
    assert set(ITEMS) == set(SCREENING_ITEMS)
    assert set(MODIFIERS) == set(ENGINE_MODIFIERS)
    assert set(LABELS) == set(ROBUSTNESS_LABELS)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The range holds nine of ten draws"),
        ("ru", "девять из десяти розыгрышей"),
        ("ky", "он эсептөөсүнүн тогузу"),
    ],
)
def test_a_drawn_rank_says_what_its_range_holds(session, made, pages, language, words):
    rank_schools(session, draws=100)

    page = pages.get(f"/{language}/schools/S1")

    assert words in page.text
    assert section(page, "firmness")


def test_without_draws_the_range_is_a_bound_and_nothing_is_said_of_draws(session, made, pages):
    rank_schools(session)

    page = pages.get("/en/schools/S1")

    assert "The range is what the unknown values allow" in page.text
    assert not section(page, "firmness")


def test_the_second_opinion_shows_what_was_applied(session, made, pages):
    rank_schools(session)

    opinion = section(pages.get("/en/schools/S1"), "second-opinion")

    assert "irregular in height, counted as severe" in opinion
    assert "lowers the strength in the risk model: vertical irregularity" in opinion
    assert "never mixed into the score" in opinion


def test_the_page_of_a_run_names_its_draws_and_contested_schools(session, made, pages):
    drawn = rank_schools(session, draws=100)
    plain = rank_schools(session)

    firm = section(pages.get(f"/en/priorities/runs/{drawn.hash}"), "firmness")
    bounds = section(pages.get(f"/en/priorities/runs/{plain.hash}"), "firmness")

    assert "drawn 100 times" in firm
    assert "20261201" in firm
    assert "no probabilities" in bounds
