"""Names on a small map: a city's rayon without its city, all others whole."""

import pytest

from app.exports.short_names import name_inside


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Биринчи май району (Бишкек)", "Биринчи май"),
        ("Первомайский район города Бишкек", "Первомайский"),
        ("Pervomay district (Bishkek)", "Pervomay"),
        ("Узгенский район", "Узгенский район"),
        ("Өзгөн району", "Өзгөн району"),
        ("город Кара-Суу", "город Кара-Суу"),
    ],
)
def test_a_citys_rayon_is_named_without_its_city(name, short):
    assert name_inside(name) == short
