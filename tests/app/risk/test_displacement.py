"""Free seats near a school that closes, worked out by hand."""

import pytest

from app.risk.displacement import NearSchool, free_in_shift, free_seats, least_radius, minutes_of
from app.risk.parameters import default_parameters

P = default_parameters()
KY, RU = frozenset({"ky"}), frozenset({"ru"})


def near(km, languages=KY, seats=300, shifts=(200, 100), dangerous=False):
    return NearSchool(km, languages, seats, shifts, dangerous)


NEAR = [
    near(3.0),  # 3.9 km by road: 100 and 200 free
    near(3.9, languages=RU),  # 5.07 km by road: beyond the first radius
    near(10.0, dangerous=True),  # 13 km: counted apart
    near(11.0, seats=None),  # 14.3 km: nobody knows
    near(20.0, shifts=(400,)),  # 26 km: overfull in its only shift, empty in a second
    near(24.0),  # 31.2 km: too far
]


def told(found, radius, shift):
    return next(one for one in found if (one.radius_km, one.shift) == (radius, shift))


def test_seats_are_counted_by_distance_shift_and_language_and_danger_and_the_unknown_stand_apart():
    found = free_seats(NEAR, ["ky"], [1, 2], P)

    assert [(one.radius_km, one.shift, one.seats) for one in found] == [
        (5, 1, 100), (5, 2, 200), (15, 1, 100), (15, 2, 200), (30, 1, 100), (30, 2, 500),
    ]  # fmt: skip
    assert told(found, 15, 1).dangerous_seats == 100
    assert (told(found, 15, 1).schools, told(found, 15, 1).unknown) == (3, 1)
    assert told(free_seats(NEAR, ["ru"], [1], P), 5, 1).seats == 0
    assert told(free_seats(NEAR, ["ru"], [1], P), 15, 1).seats == 100
    assert told(free_seats(NEAR, ["ky", "ru"], [1], P), 15, 1).seats == 200


def test_pupils_fit_where_the_sum_of_known_seats_reaches_them():
    found = free_seats(NEAR, ["ky"], [1, 2], P)

    assert least_radius(found, 1, 100) == 5
    assert least_radius(found, 2, 201) == 30
    assert least_radius(found, 1, 101) is None, "seats in a dangerous school help nobody"


@pytest.mark.parametrize(
    ("school", "shift", "free"),
    [
        (near(1, seats=100, shifts=(150,)), 1, 0),
        (near(1, seats=100, shifts=(150,)), 2, 100),
        (near(1, seats=None), 1, None),
        (near(1, shifts=None), 1, None),
    ],
    ids=["overfull is none, never below", "a shift that is not run is empty", "seats unknown", "shifts not told apart"],
)
def test_free_seats_of_one_school(school, shift, free):
    assert free_in_shift(school, shift) == free


def test_minutes_are_of_a_bus_on_a_way_that_is_longer_than_the_line():
    # 10 km straight: 13 km at 30 km/h = 26 minutes
    assert minutes_of(10.0, P) == pytest.approx(26.0)
