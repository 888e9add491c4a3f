"""The domain profile of a school: what nobody assessed has no index, not that of the prior."""

from types import SimpleNamespace

from app.web.schools.school_page import domain_rows


def domain(**facts):
    return SimpleNamespace(**{"name_ky": "Өрт", "name_ru": "Пожар", "name_en": "Fire"} | facts)


def test_a_domain_without_answers_has_no_mark_between_its_bounds(app):
    assessed = domain(index_lower=20.0, index_central=30.0, index_upper=40.0, completeness=0.9)
    unknown = domain(index_lower=0.0, index_central=50.0, index_upper=100.0, completeness=0.0)
    with app.test_request_context("/en/"):
        bars = [str(row["bar"]) for row in domain_rows([assessed, unknown])]

    assert 'x="30.0%"' in bars[0]
    assert 'x="50.0%"' not in bars[1]
    assert "hatch" in bars[1]
