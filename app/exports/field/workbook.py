"""Write a form as the XLSX that KoBoToolbox and ODK Central take, and the files of last answers beside it."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

from app.exports.field import words
from app.exports.field.survey import survey_rows
from app.exports.problem_list import safe_text
from geodata.records.assessing import OF_BLOCK
from geodata.records.field import question_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.exports.field.survey import Row
from geodata.records.field import FormContents, LastAnswer, Named, Texts

PLAIN = ("required", "relevant", "constraint", "calculation", "choice_filter", "appearance", "parameters")
SPOKEN = (("label", "label"), ("hint", "hint"), ("constraint_message", "message"))
Table = list[list[str]]


def form_id(contents: FormContents) -> str:
    """Return the name of the form on the server: one per edition, and another for the protection group."""
    name = "".join(letter if letter.isalnum() else "_" for letter in contents.edition_code.lower())
    return f"mektep_{name}_protection" if contents.is_protected else f"mektep_{name}"


def form_tables(contents: FormContents) -> dict[str, Table]:
    """Return the three sheets as text. The version follows the content: the same contents, the same version."""
    survey, choices = _survey(survey_rows(contents)), _choices(contents)
    digest = hashlib.sha256(repr((survey, choices)).encode()).hexdigest()
    title = words.TITLE_PROTECTED if contents.is_protected else words.TITLE
    settings = [
        ["form_title", "form_id", "version", "default_language", "instance_name", "style"],
        [
            words.in_all(title, edition=contents.titles)[0],
            form_id(contents),
            digest[:16],
            words.LANGUAGE_HEADS[0],
            "concat(${school}, ' ', ${assessed_on})",
            "pages",
        ],
    ]
    return {"survey": survey, "choices": choices, "settings": settings}


def write_form(contents: FormContents) -> bytes:
    """Return the XLSX; every cell is text, so that nothing of it is ever a formula."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        for name, table in form_tables(contents).items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(table):
                for column, text in enumerate(row):
                    if text:
                        sheet.write_string(number, column, text)
    return stream.getvalue()


def _survey(rows: Iterable[Row]) -> Table:
    heads = ["type", "name"]
    heads += [f"{head}::{language}" for head, _ in SPOKEN for language in words.LANGUAGE_HEADS]
    table = [[*heads, *PLAIN]]
    for row in rows:
        spoken = [text for _, field in SPOKEN for text in getattr(row, field)]
        table.append([row.type, row.name, *spoken, *(getattr(row, field) for field in PLAIN)])
    return table


def _choices(contents: FormContents) -> Table:
    table = [["list_name", "name", *(f"label::{language}" for language in words.LANGUAGE_HEADS), "parent"]]
    fixed = {
        "kind": {key: words.in_all(word) for key, word in words.KINDS.items()},
        "state": {key: words.in_all(word) for key, word in words.STATES.items()},
        "seen": {"yes": words.in_all(words.YES), "no": words.in_all(words.NO)},
    }
    for name, pairs in fixed.items():
        table += [[name, key, *texts, ""] for key, texts in pairs.items()]
    table += [["area", one.code, *one.names, ""] for one in contents.areas]
    for name, listed in (("school", contents.schools), ("block", contents.buildings)):
        table += [[name, one.code, *with_code(one), one.parent_code or ""] for one in listed]
    return table


def with_code(one: Named) -> Texts:
    """Return the name with the code behind it, so that an export with labels can be read back."""
    ky, ru, en = (f"{name} ({one.code})" for name in one.names)
    return ky, ru, en


def label_names(contents: FormContents) -> dict[str, str]:
    """Return {label: name} of all questions in all languages; a label that two questions share is left out."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for row in survey_rows(contents):
        if row.type.startswith(("begin", "end")):
            continue
        for label in {*row.label} - {""}:
            if found.setdefault(label, row.name) != row.name:
                twice.add(label)
    return {label: name for label, name in found.items() if label not in twice}


def choice_names() -> dict[str, str]:
    """Return {label: name} of the choices that are words: kinds, answers, yes and no."""
    listed = (words.KINDS, words.STATES, {"yes": words.YES, "no": words.NO})
    return {label: key for pairs in listed for key, word in pairs.items() for label in words.in_all(word)}


def last_answers_csv(contents: FormContents, answers: Iterable[LastAnswer], *, of_blocks: bool) -> Iterator[bytes]:
    """Yield a CSV with a row a place: its code, and for each criterion the last answer and its day.

    Rows must come sorted by place. Public answers only: the caller hands in no others.
    """
    chosen = [one.code for one in contents.criteria if (one.scope in OF_BLOCK) == of_blocks]
    heads = ["place", *(name for code in chosen for name in (question_name(code), f"{question_name(code)}_on"))]
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, heads, extrasaction="ignore", restval="")
    writer.writeheader()
    row: dict[str, str] = {}
    for answer in answers:
        if row and row["place"] != safe_text(answer.place_code):
            writer.writerow(row)
            row = {}
        name = question_name(answer.criterion_code)
        row |= {"place": safe_text(answer.place_code), name: answer.state, f"{name}_on": answer.on.isoformat()}
        if buffer.tell() > 64_000:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if row:
        writer.writerow(row)
    yield buffer.getvalue().encode()
