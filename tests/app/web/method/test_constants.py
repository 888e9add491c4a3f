"""The table of constants speaks the language of the page: no unit, status or source is left in English."""

import re
from io import BytesIO

import pytest

from app.i18n.catalogue import catalogue_of
from app.risk.parameters import parameters
from scripts.translations import extract_constants
from tests.support.pages import PageClient

CODES = re.compile(
    r"[\w.]+\.csv|[a-z]+\.[a-z_]+"  # files and other constants of the table
    r"|log2|a475|PCG64|STR-01|SNiP-A|PGA|MSK(?:-64)?|P-154"
)
PROPER = {"OpenQuake", "GEM", "noDamageLimit", "IRMA", "FEMA", "Moderate", "Lagomarsino", "Giovinazzi"}
"""Names of foreign sources, and the class that a foreign code calls so."""
SYMBOLS = {"g", "V", "S", "P", "%", "-", "ln g"}


@pytest.fixture
def pages(app):
    return PageClient(app)


def _constants_of(page):
    """Return the rows of the table of constants: name, value, range, unit, status, source."""
    return [row for row in page.rows() if len(row) == 6]


def _english_words(text):
    return set(re.findall(r"[A-Za-z]{2,}", CODES.sub("", text))) - PROPER


@pytest.mark.parametrize("lang", ["ky", "ru"])
def test_no_unit_status_or_source_is_english(pages, lang):
    page = pages.get(f"/{lang}/method")
    rows = _constants_of(page)

    assert [row[0] for row in rows] == [one.name for one in parameters()]
    assert {text for row in rows for text in row[3:] if text not in SYMBOLS and _english_words(text)} == set()
    assert not page.all(".//main//*[@lang='en']"), "the table is no longer said to be English"


@pytest.mark.parametrize("lang", ["ky", "ru"])
def test_every_source_is_the_one_of_its_row(pages, lang):
    gettext = catalogue_of(lang).gettext
    rows = _constants_of(pages.get(f"/{lang}/method"))

    for row, one in zip(rows, parameters(), strict=True):
        assert row[3:] == [" ".join(gettext(text).split()) for text in (one.unit, one.status, one.source)], one.name


def test_the_english_page_says_what_the_table_says(pages):
    rows = _constants_of(pages.get("/en/method"))

    assert [row[3:] for row in rows] == [[one.unit, one.status, one.source] for one in parameters()]
    assert "method 8: 5-95 % rank interval" in {row[5] for row in rows}, "a percent sign stays one"


def test_values_have_all_their_digits(pages):
    shown = {row[0]: row[1:3] for row in _constants_of(pages.get("/ru/method"))}

    assert shown["uncertainty.seed"] == ["20261201", ""]
    assert shown["survey.budget_som"] == ["2000000000", "500000000–10000000000"]
    assert shown["risk.individual_limit"] == ["0,00001", "0,000001–0,0001"]


def test_what_is_empty_or_has_no_unit_is_not_asked_of_translators():
    table = b"name,unit,status,source\na,-,proposal,\nb, km/h ,,by definition\n"

    assert [found[2] for found in extract_constants(BytesIO(table))] == ["proposal", "km/h", "by definition"]
