"""The table of what works cost is read again as it was written, unknown costs included."""

import numpy as np
import pytest

from app.funding.catalogue import default_catalogue
from app.workflows.cost_bundles import Figures
from app.workflows.ranking_costs import WorksCosts, read_costs, write_costs

SCHOOLS = ["a", "b", "c"]
BUILDINGS = [("a", "1"), ("a", "2"), ("b", ""), ("c", "1")]


def costs():
    catalogue = default_catalogue().repriced({"ACC": (0.1 + 0.2, np.nan, 3e6)})
    local = {"WASH": np.array([[1.0, 2.0, 3.0], [np.nan] * 3, [4.0, 5.5, 6.0]])}
    figures = Figures({"RET+WASH": np.array([np.nan, 7e6, np.nan])}, {"RET-S": np.array([np.nan, 5e6, np.nan, np.nan])})
    return WorksCosts(catalogue, local, figures, np.array(["", "replace", ""], dtype="<U8"))


def test_what_was_written_is_read_again_to_the_last_digit():
    written = costs()

    found = read_costs(write_costs(written, SCHOOLS, BUILDINGS), default_catalogue(), SCHOOLS, BUILDINGS)

    unit = found.catalogue.interventions["ACC"]
    assert (unit.low_som, np.isnan(unit.unit_som), unit.high_som) == (0.1 + 0.2, True, 3e6)
    assert found.catalogue.interventions["RET-S"] == written.catalogue.interventions["RET-S"]
    assert np.array_equal(found.local["WASH"], written.local["WASH"], equal_nan=True)
    assert np.array_equal(found.figures.school["RET+WASH"], written.figures.school["RET+WASH"], equal_nan=True)
    assert np.array_equal(found.figures.building["RET-S"], written.figures.building["RET-S"], equal_nan=True)
    assert found.choice.tolist() == ["", "replace", ""]


def test_the_same_costs_are_the_same_bytes():
    assert write_costs(costs(), SCHOOLS, BUILDINGS) == write_costs(costs(), SCHOOLS, BUILDINGS)


@pytest.mark.parametrize(
    "row", ["figure,z,,WASH,,5,", "figure,a,9,RET-S,,5,", "unit,,,NONE,1,2,3", "guess,a,,WASH,,5,", "unit,,,WASH,x,2,3"]
)
def test_a_row_of_nothing_that_is_there_is_refused(row):
    text = write_costs(costs(), SCHOOLS, BUILDINGS) + f"{row}\r\n".encode()

    with pytest.raises((KeyError, ValueError)):
        read_costs(text, default_catalogue(), SCHOOLS, BUILDINGS)
