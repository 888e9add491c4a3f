"""The sources of the reference data: every title is translated, every entry has its day."""

import pytest

from app.i18n.catalogue import translator
from app.web.data.sources import ORIGINS, TITLES, reference_sources


def test_every_title_of_the_record_is_marked_for_translation():
    assert {source.title for source in reference_sources()} == set(TITLES)
    assert {source.source for source in reference_sources()} == set(ORIGINS)


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_every_title_is_in_the_readers_language(language):
    say = translator(language)

    assert [text for text in (*TITLES, *ORIGINS) if say(text) == text] == []


def test_every_source_has_licence_and_day():
    assert [source.name for source in reference_sources() if not source.licence or source.date is None] == []
