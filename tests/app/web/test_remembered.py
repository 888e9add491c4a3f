"""Parts that pages share: made once a state of the data, and for visitors only."""

import pytest
from flask import Flask, g

from app.web.remembered import MOST_PARTS, Parts, remembered


@pytest.fixture
def made():
    return []


@pytest.fixture
def ask(made):
    app = Flask("pages")

    def read(state, key):
        def make():
            made.append((state, key))
            return f"{key} of {state}"

        with app.test_request_context():
            if state is not None:
                g.page_state = state
            return remembered(key, make)

    return read


def test_part_is_made_once_a_state(ask, made):
    assert [ask("one", "map"), ask("one", "map"), ask("one", "list")] == ["map of one", "map of one", "list of one"]
    assert made == [("one", "map"), ("one", "list")]


def test_part_of_another_state_is_made_anew(ask, made):
    assert [ask("one", "map"), ask("two", "map"), ask("one", "map")] == ["map of one", "map of two", "map of one"]
    assert len(made) == 3


def test_reader_whose_state_is_not_known_gets_parts_of_their_own(ask, made):
    ask("one", "map")

    assert ask(None, "map") == "map of None"
    assert ask("one", "map") == "map of one"
    assert made == [("one", "map"), (None, "map")]


def test_part_that_took_longer_than_the_state_lasted_is_not_kept():
    parts = Parts()

    def slow():
        parts.get("two", "list", lambda: "newer")
        return "older"

    assert parts.get("one", "map", slow) == "older"
    assert parts.get("two", "map", lambda: "made anew") == "made anew"


def test_least_used_part_is_dropped_first():
    parts, made = Parts(), []
    for number in range(MOST_PARTS):
        parts.get("one", number, lambda: 0)
    parts.get("one", 0, lambda: made.append("first"))
    parts.get("one", "more", lambda: 0)

    parts.get("one", 0, lambda: made.append("first"))
    parts.get("one", 1, lambda: made.append("second"))

    assert made == ["second"]
