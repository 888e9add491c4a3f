"""A ranking keeps who stays among the first N while weights move, names N in its hash, and pages say it."""

from __future__ import annotations

import dataclasses
import json

import pytest
from sqlalchemy import select

from app.risk.parameters import default_parameters
from app.web.method.weight_words import moved_of, weights_note, weights_sentence
from app.workflows.draw_plan import top_of
from app.workflows.rank_schools import rank_schools
from geodata.models import Run, SchoolResult
from geodata.queries.priorities import select_rows
from geodata.records.priority import ListFilter
from tests.factories.country import make_country


@pytest.fixture
def run(session):
    make_country(session)
    return session.get(Run, rank_schools(session).run_id)


def test_n_is_what_the_plan_funds_and_a_tenth_of_the_list_without_one():
    parameters = default_parameters()

    assert top_of(2_400, parameters) == (240, None)
    assert top_of(2_400, parameters, ("abc", 31)) == (31, "abc")
    assert top_of(4, parameters, ("abc", 31)) == (4, "abc"), "no more than there are"


def test_the_hash_names_the_share_and_n_and_each_school_has_its_word(session, run):
    told = json.loads(run.canonical)["weights_moved"]
    found = session.scalars(select(SchoolResult).where(SchoolResult.run_id == run.id)).all()

    assert told == {"step": "0.2", "top": 1}
    assert [row.top_by_weights in ("stays", "falls") for row in sorted(found, key=lambda one: one.national_rank)] == [
        True, False, False, False,
    ]  # fmt: skip
    for row in found:
        assert bool(row.top_moves) == (row.top_by_weights in ("falls", "enters"))


def test_the_words_name_n_the_share_and_the_moves(app, session, run):
    row = select_rows(session, run.id, ListFilter())[1]
    falls = dataclasses.replace(row, top_by_weights="falls", top_moves=("C1-", "C3+", "C4+"))
    with app.test_request_context("/en/priorities"):
        assert moved_of(run) == (0.2, 1)
        assert weights_note(run, falls) == "out of the first 1 at C1 −20%, C3 +20% …"
        assert weights_sentence(run, falls) == (
            "Falls out of the first 1 when one weight moves by 20%: more weight on C3 expected loss of the buildings, "
            "C4 requirements of the Standard not met; less weight on C1 danger to life."
        )
        assert weights_note(run, dataclasses.replace(row, top_by_weights="stays", top_moves=())) == ""
        assert weights_note(run, dataclasses.replace(row, top_by_weights="outside", top_moves=())) == ""
        older = dataclasses.replace(row, top_by_weights=None, top_moves=None)
        assert (weights_note(run, older), weights_sentence(run, older)) == ("", "")
