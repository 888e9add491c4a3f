"""The status of a source is said in the reader's language, the citation stays as it was published."""

import pytest

from app.risk.event import load_equation, past_events
from app.web.scenarios.citations import STATUSES, citation_of
from app.workflows.run_scenario import run_past_event
from tests.factories.country import make_country
from tests.support.pages import PageClient


def test_every_status_of_the_tables_has_words():
    rows = [row for event in past_events() for row in (event, load_equation(event.equation))]

    assert {row.status for row in rows} == set(STATUSES)


def test_what_somebody_wrote_keeps_its_brackets(app):
    with app.test_request_context("/en/"):
        assert citation_of("Institute of Seismology (letter 4)") == ("Institute of Seismology (letter 4)", None, "")


@pytest.mark.parametrize(
    ("language", "event", "equation"),
    [
        ("ky", "адабияттан эстен алынган, текшерилиши керек", "ачык көчүрмө менен салыштырылган"),
        ("ru", "по памяти из литературы, требует проверки", "сверено с открытой перепечаткой"),
        ("en", "recalled from the literature, to be checked", "compared with a public transcription"),
    ],
)
@pytest.mark.parametrize("address", ["scenarios/suusamyr-1992", "scenarios"])
def test_pages_say_the_status_in_the_reader_s_language(app, session, address, language, event, equation):
    make_country(session)
    run_past_event(session, "suusamyr-1992", publish=True)

    page = PageClient(app).get(f"/{language}/{address}")

    assert equation in page.text
    assert "cross-checked" not in page.text
    assert "recalled - confirm" not in page.text
    assert '<span lang="en">Bindi, Parolai' in page.html
    if address != "scenarios":
        assert event in page.text
        assert '<span lang="en">Epicentre and surface-wave magnitude' in page.html
