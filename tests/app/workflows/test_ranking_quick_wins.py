"""Small repairs of a ranking: where a requirement fails, in how many buildings, for how much; unknown needs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from app.assessment.answers import FAILS, MEETS, MISSING, PARTLY
from app.funding.catalogue import default_catalogue
from app.workflows.ranking_quick_wins import _costs, needs


@dataclass
class Stock:
    """Three schools: two buildings, one building, one building."""

    codes: np.ndarray
    school: np.ndarray
    schools: int
    standard: SimpleNamespace
    local_costs: dict


@pytest.fixture
def stock():
    codes = np.array([[FAILS, FAILS], [PARTLY, FAILS], [MEETS, MEETS], [MISSING, MISSING]], dtype=np.int8)
    standard = SimpleNamespace(codes=("FIRE-07", "HLT-03"))
    return Stock(codes, np.array([0, 0, 1, 2]), 3, standard, {})


def test_a_repair_of_buildings_is_needed_in_each_that_fails_and_nowhere_else(stock):
    extinguishers = default_catalogue().interventions["QW-EXT"]
    needed = needs(stock, extinguishers)

    assert needed.tolist() == [2, 0, 0]
    assert _costs(stock, extinguishers, needed)[0] == 2 * 20_000  # the table's unit cost, without overheads


def test_a_repair_of_the_school_is_needed_once(stock):
    assert needs(stock, default_catalogue().interventions["QW-KIT"]).tolist() == [1, 0, 0]


def test_a_price_of_the_place_stands_before_the_table(stock):
    extinguishers = default_catalogue().interventions["QW-EXT"]
    stock.local_costs["QW-EXT"] = np.array([[1.0, 30_000.0, 40_000.0], [1.0, np.nan, 1.0], [1.0, 1.0, 1.0]])

    found = _costs(stock, extinguishers, np.array([1, 1, 0]))

    assert found[0] == 30_000
    assert np.isnan(found[1])
