"""Every problem that the code can tell has a message and a remedy in three languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app.i18n.catalogue import translator
from geodata.records.table import RowProblem
from geodata.validation.columns import FIELDS, _all_headings
from geodata.validation.problems import LABELS, MESSAGES, describe, locate, sentence
from scripts.translations import load
from tests.support.import_files import ROOT

FOLDERS = ("geodata/readers", "geodata/validation", "app/workflows")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.py"))
CALLS = {
    "refuse": 0, "file_problem": 0, "GeometryError": 0, "Fault": 0, "_problem": 0, "tell_file": 0, "Number": 1,
    "tell": None, "RowProblem": 3,
}  # fmt: skip
CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")


def _codes(path: Path) -> set[str]:
    """Return the problem codes written in a module: literals in the place of the code, in either branch of an if."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in CALLS:
            continue
        place = CALLS[name]
        if place is None:
            place = 1 if len(node.args) <= 3 and path.parent.name == "readers" else 3
        if len(node.args) > place:
            found |= {
                part.value
                for part in ast.walk(node.args[place])
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and CODE.fullmatch(part.value)
            }
    for text in re.findall(r'return (?:None, )?"([a-z]+(?:_[a-z]+)+)"', path.read_text("utf-8")):
        if text.startswith(("code_", "date_")):
            found.add(text)
    return found


EMITTED = sorted(set().union(*(_codes(path) for path in SOURCES)))


def test_codes_are_found_in_the_source():
    assert len(EMITTED) > 140
    assert {"encoding_invalid", "geometry_missing", "code_twin", "number_grouped", "area_disagrees"} <= set(EMITTED)


@pytest.mark.parametrize("code", EMITTED)
def test_code_has_message_and_translations(code):
    what, remedy = MESSAGES[code]

    for language in ("ky", "ru"):
        catalogue = load(language)
        for text in (what, remedy):
            translated = catalogue.get(text)
            assert translated is not None, (language, text)
            assert translated.string, (language, text)
            assert translated.string != text
            assert sorted(re.findall(r"%\((\w+)\)s", translated.string)) == sorted(re.findall(r"%\((\w+)\)s", text))


@pytest.mark.parametrize("label", sorted(set(LABELS.values())))
def test_field_label_is_translated(label):
    assert load("ky").get(label).string
    assert load("ru").get(label).string


def test_message_says_what_where_and_what_to_do():
    problem = RowProblem(4, "lat", "55.75, 37.62", "coordinates_abroad")

    text = sentence(problem, translator("ky"))

    assert "4-сап" in text
    assert "«lat»" in text
    assert "55.75, 37.62" in text
    assert "Кыргыз Республикасынын чегинен тышкары" in text
    assert "Эки санды тең текшериңиз" in text


def test_the_reason_of_a_wrong_shape_is_in_the_readers_language():
    problem = RowProblem(3, None, None, "geometry_invalid", "error", {"reason": "Hole lies outside shell"})

    assert "көңдөйү контурдун сыртында жатат" in describe(problem, translator("ky"))[0]
    assert "отверстие лежит вне контура" in describe(problem, translator("ru"))[0]


def test_a_message_survives_missing_and_hostile_values():
    problem = RowProblem(2, "code", "%(row)s %s {0.__class__}", "choice_unknown")

    what, remedy = describe(problem, translator("ru"))

    assert what == "Такого значения нет в списке."
    assert remedy.endswith("–.")
    assert "%(row)s %s {0.__class__}" in locate(problem, translator("ru"))


def test_field_of_a_mapping_problem_is_called_as_people_call_it():
    problem = RowProblem(None, None, None, "mapping_missing", "error", {"field": "code", "columns": "a, b"})

    assert "код" in describe(problem, translator("ru"))[0]


def test_headings_name_fields_that_exist():
    for kind, fields in FIELDS.items():
        assert _all_headings()[kind].keys() <= {field.name for field in fields}
