"""Shares of types of buildings that nobody knows, counted by hand: 3 types, thresholds of 4 buildings."""

import numpy as np
import pytest

from app.risk.errors import UnknownBuildingTypeError
from app.risk.type_priors import TypePriors, count_types, decades_of

TYPES = ("A", "B", "C")
FIRST_YEAR = np.array([0, 0, 2009])  # C is built to a norm of 2009
DECADES = [1960, 1970, 2000]


def pools(*surveyed, least=4):
    """``surveyed``: type, decade, rayon, oblast, and how many."""
    rows = [row[:4] for row in surveyed for _ in range(row[4])]
    kind, decade, rayon, oblast = zip(*rows, strict=True) if rows else ((), (), (), ())
    found = count_types(
        np.array([TYPES.index(one) for one in kind], dtype=np.int64),
        np.array(decade, dtype=np.int64),
        rayon,
        oblast,
        FIRST_YEAR,
        DECADES,
        least,
    )
    return {(pool.area, pool.decade): pool for pool in found}


def priors(found):
    rows = [
        {"area": pool.area, "decade": pool.decade, "building_type": kind, "weight": weight}
        for pool in found.values()
        for kind, weight in zip(TYPES, pool.weight, strict=True)
    ]
    return TypePriors.read(rows, TYPES)


def test_shares_are_counted_and_smoothed_over_the_types_that_could_be_built():
    # 3 of A and 1 of B in the 1960s: (3 + 1) / (4 + 2) and (1 + 1) / (4 + 2); C did not exist
    found = pools(("A", 1960, "r", "o", 3), ("B", 1960, "r", "o", 1))

    assert found["r", 1960].weight == pytest.approx([4 / 6, 2 / 6, 0])
    assert (found["r", 1960].surveyed, found["r", 1960].basis) == (4, "rayon_decade")


def test_a_surveyed_building_makes_its_type_admissible_everywhere_in_that_decade():
    # one C of the 1970s was found, whatever its norm says: (1 + 1) / (5 + 3) of it, and (0 + 1) / (4 + 3) elsewhere
    found = pools(("A", 1970, "r", "o", 4), ("C", 1970, "r", "o", 1), ("B", 1970, "s", "p", 4))

    assert found["r", 1970].weight == pytest.approx([5 / 8, 1 / 8, 2 / 8])
    assert found["s", 1970].weight == pytest.approx([1 / 7, 5 / 7, 1 / 7])


def test_too_few_buildings_take_the_next_wider_count():
    found = pools(
        ("A", 1960, "r", "o", 4), ("B", 1960, "s", "o", 3), ("A", 1970, "t", "p", 3), ("B", 1970, "u", "q", 1)
    )
    table = priors(found)

    assert set(found) == {("", 0), ("", 1960), ("", 1970), ("", 2000), ("o", 1960), ("r", 1960)}
    own, of_oblast, of_country, of_all = (
        table.shares_of([rayon], [oblast], np.array([year]))[0]
        for rayon, oblast, year in (("r", "o", 1964), ("s", "o", 1964), ("t", "p", 1971), ("r", "o", 2004))
    )
    assert own == pytest.approx([5 / 6, 1 / 6, 0])
    assert of_oblast == pytest.approx([5 / 9, 4 / 9, 0])
    assert of_country == pytest.approx([4 / 6, 2 / 6, 0])
    assert of_all == pytest.approx([8 / 14, 5 / 14, 1 / 14])  # 7 A and 4 B of all decades; C could be built by 2009
    assert found["", 2000].basis == "country"


def test_fewer_buildings_than_the_threshold_in_the_whole_country_leave_all_types_alike():
    found = pools(("A", 1960, "r", "o", 3))

    assert found["", 1960].weight == pytest.approx([1 / 2, 1 / 2, 0])
    assert found["", 0].weight == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert {pool.basis for pool in found.values()} == {"equal"}


def test_a_country_without_any_survey_has_a_table_too():
    found = pools()

    assert all(pool.surveyed == 0 and pool.weight.sum() == pytest.approx(1) for pool in found.values())


def test_buildings_outside_any_district_count_for_the_country_alone():
    found = pools(("A", 1960, "", "", 9))

    assert found["", 1960].surveyed == 9
    assert {area for area, _ in found} == {""}


def test_years_outside_the_table_count_with_its_ends_and_an_unknown_year_stays_unknown():
    assert decades_of(np.array([0, 1890, 1964, 2031]), 1960, 2000).tolist() == [0, 1960, 1960, 2000]


def test_a_place_that_the_table_does_not_know_takes_the_country():
    table = priors(pools(("A", 1960, "r", "o", 4)))

    assert table.shares_of(["new"], [""], np.array([1950])) == pytest.approx(np.array([[5 / 6, 1 / 6, 0]]))


def test_a_share_of_a_type_that_the_parameters_do_not_know_is_refused():
    with pytest.raises(UnknownBuildingTypeError, match="C"):
        TypePriors.read([{"area": "", "decade": 0, "building_type": "C", "weight": 1.0}], ("A", "B"))
