"""Anchors that are crossed, or not above 0 under a logarithm, are refused by their row."""

import pytest

from app.prioritisation.errors import InvalidSchemeError
from app.prioritisation.scheme import value_function
from geodata.readers.parameter_tables import read_parameter_tables

ROW = next(row for row in read_parameter_tables().rows["criteria_weights"] if row["value_function"] == "log")


@pytest.mark.parametrize(
    ("low", "high"), [pytest.param("0.1", "0.001", id="crossed"), pytest.param("0", "0.1", id="0 under a logarithm")]
)
def test_wrong_anchors_are_refused(low, high):
    with pytest.raises(InvalidSchemeError, match=rf"criteria_weights.csv, row {ROW['id']}: anchors {low} and {high}"):
        value_function({**ROW, "anchor_v0": low, "anchor_v1": high})


def test_the_shipped_anchors_are_taken():
    assert value_function(ROW).kind == "log"
