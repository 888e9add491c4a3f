"""The catalogues keep what code marks and nothing else."""

from __future__ import annotations

import pytest

from scripts import translations


@pytest.fixture
def catalogues(tmp_path, monkeypatch):
    """Catalogues of their own with two strings, of which code marks one."""
    monkeypatch.setattr(translations, "CATALOGUES", tmp_path)
    monkeypatch.setattr(translations, "extract", lambda: {"School", "Area"})
    table = tmp_path / "rows.tsv"
    table.write_text("School\tМектеп\tШкола\nLesson\tСабак\tУрок\n", encoding="utf-8")
    translations.add(table)
    return tmp_path


def test_what_no_code_marks_is_listed_and_removed(catalogues, capsys):
    assert translations.main(["unused"]) == 1
    assert "Lesson" in capsys.readouterr().out

    assert translations.main(["remove-unused"]) == 0

    assert "1 msgids removed" in capsys.readouterr().out
    assert translations.main(["unused"]) == 0
    for language in ("ky", "ru"):
        found = translations.load(language)
        assert found.get("School").string
        assert found.get("Lesson") is None
        assert "Lesson" not in (catalogues / language / "LC_MESSAGES/messages.po").read_text(encoding="utf-8")


def test_what_is_marked_and_not_translated_is_listed(catalogues, capsys):
    assert translations.main(["missing"]) == 1
    assert capsys.readouterr().out.count("Area") == 2


def test_a_verb_that_there_is_not_changes_nothing(catalogues):
    before = translations.load("ru").get("Lesson")

    assert translations.main(["remove"]) == 2
    assert translations.load("ru").get("Lesson").string == before.string
