"""Two to four rankings side by side: weights, ranks per school, differences, and what the first N have in common."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from flask import url_for
from flask_babel import gettext as _

from app.i18n.marks import N_
from app.prioritisation.weights import find_flaws, overlap, rank_under
from app.web.language import current_language
from app.web.method.scheme import Factor, factors
from app.web.workbench.bench_page import bounds_of, start_units, units_of, weight_text
from app.web.workbench.forms import read_inline
from app.web.workbench.table import Bench, name_of, oblast_of
from geodata.queries import workbench

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.models import Run, WeightScheme

LEAST, MOST = 2, 4
SHOWN = 100
METHODS = {
    "safety": N_("Safety first"),
    "gap": N_("Standard gap"),
    "benefit": N_("Benefit for the cost"),
}


@dataclass(frozen=True)
class Compared:
    """One ranking that is compared; ``units`` None = a method without weights. Rank 0 = it has no place."""

    word: str
    title: str
    units: tuple[int, ...] | None
    ranks: np.ndarray
    scheme: WeightScheme | None = None


def wanted_words(words: Sequence[str]) -> list[str]:
    """Return the different rankings that an address names, at most four."""
    return list(dict.fromkeys(word.strip()[:60] for word in words if word.strip()))[:MOST]


def compare_page(session: Session, run: Run, bench: Bench, words: Sequence[str]) -> dict[str, Any]:
    """Return the page; a word that names nothing is told, never left out silently."""
    used, asked = factors(run), wanted_words(words)
    saved = workbench.find_schemes(session, asked)
    found, lost = [], []
    for word in asked:
        one = _compared(word, bench, used, saved)
        if one is None:
            lost.append(word)
        else:
            found.append(one)
    page: dict[str, Any] = {
        "run": run,
        "asked": asked,
        "lost": lost,
        "compared": found,
        "choices": choices(session),
        "is_enough": len(found) >= LEAST,
        "top": bench.top,
    }
    return page | _compare(bench, used, found) if page["is_enough"] else page


def choices(session: Session) -> list[tuple[str, str]]:
    """Return what can be compared: the weights of the ranking, saved schemes, the published methods."""
    found = [("run", _("Weights of the ranking shown"))]
    found += [(one.code, one.title) for one in workbench.list_schemes(session)]
    return found + [(word, _(title)) for word, title in METHODS.items()]


def _compared(word: str, bench: Bench, used: list[Factor], saved: dict[str, WeightScheme]) -> Compared | None:
    if word in METHODS:
        place = list(METHODS).index(word)
        return Compared(word, _(METHODS[word]), None, bench.found.methods[:, place])
    scheme = saved.get(word)
    inline = read_inline(word)
    if word == "run":
        units, title = start_units(used), _("Weights of the ranking shown")
    elif scheme is not None:
        units, title = units_of(scheme), scheme.title
    elif inline is not None and not find_flaws(inline, bounds_of(used)):
        units, title = inline, _("Weights of the address")
    else:
        return None
    risk = bench.found.risk
    ranks = rank_under(bench.found.values, units, bench.unknown_value, risk[:, 0], risk[:, 1])[1]
    return Compared(word, title, units, ranks, scheme)


def _compare(bench: Bench, used: list[Factor], found: list[Compared]) -> dict[str, Any]:
    ranks = np.stack([one.ranks for one in found], axis=1)
    top, language = bench.top, current_language()
    in_top = (ranks > 0) & (ranks <= top)
    contested = np.flatnonzero(in_top.any(axis=1) & ~in_top.all(axis=1))
    spread = np.where(ranks > 0, ranks, -1).max(axis=1) - np.where(ranks > 0, ranks, 10**9).min(axis=1)
    order = contested[np.lexsort((contested, -spread[contested]))][:SHOWN]
    return {
        "weights": [
            (factor, [weight_text(one.units[place]) for one in found if one.units is not None])
            for place, factor in enumerate(used)
        ],
        "overlaps": [
            (first.title, second.title, overlap(first.ranks, second.ranks, top))
            for first, second in combinations(found, 2)
        ],
        "in_all": int(in_top.all(axis=1).sum()),
        "in_some": len(contested),
        "rows": [
            {
                "code": bench.found.codes[row],
                "name": name_of(bench, int(row), language),
                "area": oblast_of(bench, int(row), language),
                "ranks": [
                    (int(rank) or None, bool(is_in)) for rank, is_in in zip(ranks[row], in_top[row], strict=True)
                ],
                "spread": int(spread[row]),
            }
            for row in order
        ],
        "share": url_for("workbench.compare", s=[one.word for one in found], run=bench.run.hash[:16]),
    }
