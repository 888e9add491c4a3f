"""Tables at an end of their ranges: factors on medians by hand, V of model F3 beside them, rates and losses."""

from __future__ import annotations

import numpy as np
import pytest

from app.risk.moved import median_ends, status_of, with_hazard, with_medians
from app.risk.parameters import default_parameters
from geodata.readers.parameter_tables import read_parameter_tables

P = default_parameters()
TABLES = read_parameter_tables()


def test_nine_of_ten_draws_lie_between_the_ends_of_a_median():
    low, high = median_ends(0.25)

    assert (low, high) == pytest.approx((0.66282, 1.50871), abs=1e-4)  # exp(-+1.645 x 0.25)
    drawn = np.exp(0.25 * np.random.default_rng(1).standard_normal(100_000))
    assert ((drawn > low) & (drawn < high)).mean() == pytest.approx(0.9, abs=0.005)


def test_one_type_moves_and_its_index_with_it():
    kind = P.types.index("KG-ADB")
    moved = with_medians(P, 1 / 1.6, kind)

    for model in ("F1", "F2"):
        assert moved.medians[model][kind] == pytest.approx(P.medians[model][kind] / 1.6)
        assert np.delete(moved.medians[model], kind, axis=0) == pytest.approx(np.delete(P.medians[model], kind, axis=0))
    # 0.16 log2(1.6) / log2(1.6) = 0.16 (method 14a)
    assert moved.vulnerability_index[kind] - P.vulnerability_index[kind] == pytest.approx(0.16)
    assert np.delete(moved.vulnerability_index - P.vulnerability_index, kind) == pytest.approx(0.0)


def test_rates_and_losses_are_the_columns_of_the_table_and_a_low_rate_of_0_is_a_hundredth_of_the_high():
    rows = {row["level"]: row for row in TABLES.rows["hazard_other_levels"] if row["hazard"] == "flood"}
    low, high, lost = (with_hazard(TABLES, "flood", *what).hazards["flood"]
                       for what in (("rate", "low"), ("rate", "high"), ("loss", "high")))  # fmt: skip

    assert low.rate[1:] == pytest.approx([float(rows[level]["annual_rate_low"]) for level in "234"])
    assert float(rows["1"]["annual_rate_low"]) == 0
    assert low.rate[0] == pytest.approx(0.01 * float(rows["1"]["annual_rate_high"]))
    assert high.rate == pytest.approx([float(rows[level]["annual_rate_high"]) for level in "1234"])
    assert high.loss == pytest.approx(P.hazards["flood"].loss)
    assert lost.loss == pytest.approx([float(rows[level]["loss_high"]) for level in "1234"])
    assert low.rate.max() < P.hazards["flood"].rate.max() < high.rate.max()
    same = with_hazard(TABLES, "flood", "rate", "low").hazards["mudflow"]
    assert same.rate == pytest.approx(P.hazards["mudflow"].rate)


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["verified", "verified in code"], "verified"),
        (["verified", "proposal, loss ~ JRC"], "proposal"),
        (["median verified from source; beta 0.60 = proposal"], "verified"),
        (["recalled - confirm", "verified"], "recalled"),
        (["computed here"], "computed here"),
    ],
)
def test_rows_together_are_as_firm_as_the_least_firm(texts, wanted):
    assert status_of([{"status": text} for text in texts]) == wanted
