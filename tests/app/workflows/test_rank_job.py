"""The job of an official list: as many draws as the method says, and words where they do not fit."""

from __future__ import annotations

import pytest

from app.prioritisation.errors import TooManyDrawsError, UnknownSchemeError
from app.risk.parameters import default_parameters
from app.workflows import rank_job
from app.workflows.jobs import JobFailedError
from app.workflows.rank_schools import NotRankableError, RunSummary


class Context:
    """What a handler uses of its context."""

    class record:  # noqa: N801  stands in for an attribute
        account_id = 7

    def open_session(self):
        from contextlib import nullcontext

        return nullcontext("session")

    def report(self, pct, step):
        """Take progress."""


@pytest.fixture
def asked(monkeypatch):
    found = []

    def rank(session, scheme, **given):
        found.append((session, scheme, given["draws"], given["account_id"]))
        return RunSummary("f" * 64, 1, 2, 2, is_new=True)

    monkeypatch.setattr(rank_job, "rank_schools", rank)
    return found


def test_an_official_list_is_drawn_as_often_as_the_method_says(asked):
    address = rank_job.run_robustness(Context())
    rank_job.run_ranking(Context())

    assert address == f"priorities/runs/{'f' * 64}"
    assert asked == [
        ("session", None, int(default_parameters()["uncertainty.draws_official"]), 7),
        ("session", None, None, 7),
    ]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (TooManyDrawsError("x"), rank_job.TOO_MANY),
        (NotRankableError("x"), rank_job.NOTHING),
        (UnknownSchemeError("x"), rank_job.NO_SCHEME),
    ],
)
def test_what_cannot_be_ranked_is_told_in_words(monkeypatch, error, message):
    def rank(*given, **more):
        raise error

    monkeypatch.setattr(rank_job, "rank_schools", rank)

    with pytest.raises(JobFailedError) as failed:
        rank_job.run_robustness(Context())

    assert failed.value.message == message
