"""The questions of a form in their order, as rows of an XLSForm's ``survey`` sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.exports.field import words
from geodata.records.assessing import OF_BLOCK
from geodata.records.field import BLOCK, BLOCK_CODE, question_name, value_bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

from geodata.records.field import FormContents, FormCriterion, Texts

LAST_SCHOOLS, LAST_BLOCKS = "last_schools", "last_blocks"
"""Names of the files with the last answers, which go to the server beside the form."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. Texts are in three languages; an empty string leaves the cell empty."""

    type: str
    name: str
    label: Texts = ("", "", "")
    hint: Texts = ("", "", "")
    required: str = ""
    relevant: str = ""
    constraint: str = ""
    message: Texts = ("", "", "")
    calculation: str = ""
    choice_filter: str = ""
    appearance: str = ""
    parameters: str = ""


def survey_rows(contents: FormContents) -> list[Row]:
    """Return every row: the visit, the school's criteria by domain, and the repeat of buildings with theirs."""
    rows = [
        Row("start", "start"),
        Row("end", "end"),
        Row("calculate", "edition", calculation=f"'{contents.mark}'"),
        Row("calculate", "protection", calculation=f"'{int(contents.is_protected)}'"),
        *_visit(),
    ]
    rows += _domains(contents, [one for one in contents.criteria if one.scope not in OF_BLOCK])
    of_blocks = [one for one in contents.criteria if one.scope in OF_BLOCK]
    if of_blocks:
        rows.append(Row("begin repeat", BLOCK, words.in_all(words.BLOCKS), relevant="${school} != ''"))
        which = words.in_all(words.WHICH_BLOCK)
        rows.append(
            Row("select_one block", BLOCK_CODE, which, choice_filter="parent=${school}")
        )  # fmt: skip
        rows += _domains(contents, of_blocks)
        rows.append(Row("end repeat", BLOCK))
    return [*rows, Row("text", "remarks", words.in_all(words.REMARKS), appearance="multiline")]


def _visit() -> list[Row]:
    says = words.in_all
    return [
        Row("begin group", "visit", says(words.VISIT)),
        Row("select_one kind", "kind", says(words.KIND), required="yes", appearance="minimal"),
        Row(
            "date",
            "assessed_on",
            says(words.DAY),
            required="yes",
            constraint=". <= today()",
            message=says(words.DAY_WRONG),
        ),
        Row("text", "assessor", says(words.ASSESSOR)),
        Row("select_one area", "area", says(words.AREA), required="yes", appearance="minimal autocomplete"),
        Row(
            "select_one school",
            "school",
            says(words.SCHOOL),
            required="yes",
            choice_filter="parent=${area}",
            appearance="minimal autocomplete",
        ),
        Row("end group", "visit"),
    ]


def _domains(contents: FormContents, criteria: list[FormCriterion]) -> Iterator[Row]:
    """Yield the criteria by domain; each on one screen.

    In the repeat there are no groups, but a heading: groups within a repeat make servers take a hundred times longer to
    read the form, because they compare the whole repeat with itself for each question below one.
    """
    for domain in contents.domains:
        chosen = [one for one in criteria if one.domain_code == domain.code]
        if not chosen:
            continue
        is_repeated = chosen[0].scope in OF_BLOCK
        name = f"{'b' if is_repeated else 'd'}_{domain.code}"
        yield Row("note" if is_repeated else "begin group", name, domain.names)
        for criterion in chosen:
            if is_repeated:
                yield from _criterion(criterion, contents)
                continue
            group, code = f"g_{question_name(criterion.code)}", criterion.code
            yield Row("begin group", group, (code, code, code), appearance="field-list")
            yield from _criterion(criterion, contents)
            yield Row("end group", group)
        if not is_repeated:
            yield Row("end group", name)


def _criterion(criterion: FormCriterion, contents: FormContents) -> Iterator[Row]:
    """Yield the questions of one criterion: answer, number, rooms, note, photo."""
    name, code = question_name(criterion.code), criterion.code
    ky, ru, en = criterion.texts
    hint = words.in_all(words.NORM, norm=words.norm_words(criterion), evidence=words.evidence_words(criterion))
    is_block = criterion.scope in OF_BLOCK
    last, place = (LAST_BLOCKS, BLOCK_CODE) if is_block else (LAST_SCHOOLS, "school")
    if contents.is_prefilled:
        yield Row("calculate", f"{name}_last", calculation=f"pulldata('{last}', '{name}', 'place', ${{{place}}})")
        days = f"pulldata('{last}', '{name}_on', 'place', ${{{place}}})"
        yield Row("calculate", f"{name}_last_on", calculation=days)
    yield Row(
        "select_one state",
        name,
        (f"{code}. {ky}", f"{code}. {ru}", f"{code}. {en}"),
        hint,
        calculation=f"once(${{{name}_last}})" if contents.is_prefilled else "",
    )
    if contents.is_prefilled:
        still = words.in_all(words.SEEN, code=code, day=f"${{{name}_last_on}}")
        same = f"${{{name}_last}} != '' and ${{{name}}} = ${{{name}_last}}"
        yield Row("select_one seen", f"{name}_seen", still, relevant=same)
    yield from _numbers(criterion, name)
    yield from _proof(criterion, name)


def _proof(criterion: FormCriterion, name: str) -> Iterator[Row]:
    """Yield note and photo; in the repeat, where each is a screen of its own, only where they say something.

    No photo of what protects a school ever goes to a server that is not ours.
    """
    state, code = f"${{{name}}}", criterion.code
    answered, doubtful = f"{state} != ''", f"selected('partly fails not_applicable', {state}) and {state} != ''"
    relevant = doubtful if criterion.scope in OF_BLOCK else answered
    yield Row("text", f"{name}_note", words.in_all(words.NOTE, code=code), relevant=relevant)
    if not criterion.is_protected:
        shown = answered if "photo" in criterion.evidence_type else relevant
        label = words.in_all(words.PHOTO, code=code)
        yield Row("image", f"{name}_photo", label, relevant=shown, parameters="max-pixels=1600")


def _numbers(criterion: FormCriterion, name: str) -> Iterator[Row]:
    """Yield the value of a norm in numbers and, for a norm of rooms, how many were looked at and how many keep it."""
    state, code = f"${{{name}}}", criterion.code
    measured = f"selected('meets partly fails', {state}) and {state} != ''"
    norm = words.norm_words(criterion)
    if criterion.value_type == "num":
        yield Row(
            "decimal",
            f"{name}_value",
            words.in_all(words.VALUE, code=code, unit=words.unit_words(criterion)),
            relevant=measured,
            constraint=value_constraint(criterion, state),
            message=words.in_all(words.VALUE_WRONG, norm=norm),
        )
    if criterion.scope == "room":
        looked = f"${{{name}_rooms}}"
        yield Row(
            "integer",
            f"{name}_rooms",
            words.in_all(words.ROOMS, code=code),
            relevant=measured,
            constraint=". >= 1 and . <= 500",
        )
        yield Row(
            "integer",
            f"{name}_passed",
            words.in_all(words.PASSED, code=code),
            relevant=f"{looked} != ''",
            constraint=(
                f". >= 0 and . <= {looked} and ({state} != 'meets' or . = {looked}) "
                f"and ({state} != 'partly' or (2 * . >= {looked} and . < {looked})) "
                f"and ({state} != 'fails' or 2 * . < {looked})"
            ),
            message=words.in_all(words.PASSED_WRONG),
        )


def value_constraint(criterion: FormCriterion, state: str) -> str:
    """Return what a number must keep: possible at all, within the norm if it is met, outside if it fails.

    ``state`` is the reference to the answer. For a norm of rooms the number is of the worst room.
    """
    lowest, highest = value_bounds(criterion)
    possible = f". >= {lowest:.0f} and . <= {highest:.0f}"
    low, high = criterion.threshold_min, criterion.threshold_max
    kept = " and ".join(
        f". {sign} {bound:.10g}" for sign, bound in ((">=", low), ("<=", high)) if bound is not None
    )  # fmt: skip
    if not kept:
        return possible
    return f"{possible} and ({state} != 'meets' or ({kept})) and ({state} != 'fails' or not({kept}))"
