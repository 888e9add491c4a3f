"""Names in the reader's language, and what stands in when one is missing."""

from types import SimpleNamespace

import pytest

from app.i18n.names import local_name, name_with_language


def place(**names):
    return SimpleNamespace(**({"code": "41702", "name_ky": None, "name_ru": None, "name_en": None} | names))


@pytest.mark.parametrize(
    ("record", "language", "expected"),
    [
        pytest.param(place(name_ky="Нарын", name_ru="Нарын ш."), "ru", ("Нарын ш.", "ru"), id="own language"),
        pytest.param(place(name_ky="Нарын", name_en="Naryn"), "ru", ("Нарын", "ky"), id="Kyrgyz comes first"),
        pytest.param(place(name_ru="Нарын ш.", name_en="Naryn"), "ky", ("Нарын ш.", "ru"), id="then Russian"),
        pytest.param(place(name_ky="", name_en="Naryn"), "ky", ("Naryn", "en"), id="empty is missing"),
        pytest.param(place(), "ky", ("41702", None), id="the code when nothing else"),
        pytest.param({"name_en": "Naryn", "code": "1"}, "ru", ("Naryn", "en"), id="a mapping too"),
    ],
)
def test_name(record, language, expected):
    assert name_with_language(record, language) == expected
    assert local_name(record, language) == expected[0]
