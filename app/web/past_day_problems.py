"""How a day without a ranking is answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from werkzeug.exceptions import NotFound

from app.i18n.marks import N_
from app.web.problem import Problem


class NoRankingThenError(NotFound):
    """A file or tile of a past day is asked for, and no ranking had been published by the end of that day."""


BY_PAST_DAY_ERROR: dict[type[BaseException], Problem] = {
    NoRankingThenError: Problem(
        404,
        "no-ranking-then",
        N_("No ranking had been published by that day"),
        N_("Choose a later day, or leave the day out of the address to get the present state."),
    ),
}
