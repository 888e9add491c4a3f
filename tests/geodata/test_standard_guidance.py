"""Guidance and responsibility of the shipped edition: nothing empty, every norm named, nothing written twice."""

from __future__ import annotations

import csv
import re
from collections import defaultdict

import pytest

from geodata.readers.standard import STANDARD_DIR, read_edition, read_guidance
from geodata.records.standard import (
    BODIES,
    BUDGETS,
    GUIDANCE_FIELDS,
    GUIDANCE_PARTS,
    LANGUAGES,
    LEVELS,
    NOBODY,
    RESPONSIBILITY_FIELDS,
    STANDINGS,
)

MOST_WORDS = 8
"""Longer sentences belong to one criterion alone."""
COLLECTIONS = re.compile(
    r"родител\w*\s+(?:комитет|взнос|сбор)|попечительск\w+|ата-энелердин\s+(?:акчасы|каражаты)|камкорчулук|parents.{0,12}(?:pay|money)",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def criteria():
    return {row["code"]: row for row in read_edition()["criteria"]}


@pytest.fixture(scope="module")
def guidance():
    return read_guidance()


def table(name):
    with (STANDARD_DIR / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", ["guidance.csv", "responsibility.csv"])
def test_every_criterion_has_a_row_in_the_order_of_the_standard_and_no_cell_is_empty(name):
    rows = table(name)

    assert [row["code"] for row in rows] == [row["code"] for row in table("criteria.csv")]
    assert len(rows) == 119
    empty = [(row["code"], column) for row in rows for column, cell in row.items() if not (cell or "").strip()]
    assert empty == []


def test_every_code_of_responsibility_is_known(criteria):
    for code, row in criteria.items():
        assert row["requirement_level"] in LEVELS, code
        assert row["responsible_body"] in BODIES, code
        assert row["co_owner"] in (*BODIES, NOBODY), code
        assert row["co_owner"] != row["responsible_body"], code
        assert row["owing_budget"] in BUDGETS, code
        assert 1 <= row["shelf_life_months"] <= 120, code
        assert {row[name] for name in RESPONSIBILITY_FIELDS if name.endswith("_status")} <= set(STANDINGS), code
        assert (row["cap"] == 25) == row["is_critical"], code


def test_nobody_sends_the_bill_to_parents(criteria):
    for code, row in criteria.items():
        for language in LANGUAGES:
            assert not COLLECTIONS.search(row[f"reason_{language}"]), code


def test_all_guidance_is_marked_as_a_proposal(guidance):
    assert {row["status"] for row in guidance.values()} == {"proposal"}


def spellings(number):
    """Return how a threshold may be written: with a point or a comma, thousands apart or not."""
    plain = format(float(number), ".12g")
    found = {plain, plain.replace(".", ",")}
    if float(number) >= 1000:
        found.add(f"{int(float(number)):,}".replace(",", ""))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_guidance_names_the_threshold_of_its_norm(criteria, guidance, language):
    missing = []
    for code, criterion in criteria.items():
        details = criterion["details"]
        if details["value_type"] != "num":
            continue
        text = " ".join(guidance[code][f"{part}_{language}"] for part in GUIDANCE_PARTS)
        text = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))", "", text)
        for bound in ("threshold_min", "threshold_max"):
            number = details.get(bound)
            if number and not any(re.search(rf"(?<![\d,.]){re.escape(one)}(?!\d)", text) for one in spellings(number)):
                missing.append((code, bound, number))

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_criteria_share_a_long_sentence(guidance, language):
    owners = defaultdict(set)
    for code, row in guidance.items():
        for part in GUIDANCE_PARTS:
            for sentence in re.split(r"(?<=[.!?;])\s+", row[f"{part}_{language}"]):
                words = re.findall(r"\w+", sentence.lower())
                if len(words) > MOST_WORDS:
                    owners[" ".join(words)].add(code)

    assert {sentence: sorted(codes) for sentence, codes in owners.items() if len(codes) > 1} == {}


def test_no_text_is_the_same_in_two_languages(guidance):
    alike = [
        (code, part)
        for code, row in guidance.items()
        for part in GUIDANCE_PARTS
        if len({row[f"{part}_{language}"] for language in LANGUAGES}) < len(LANGUAGES)
    ]

    assert alike == []
    assert len(GUIDANCE_FIELDS) == len(GUIDANCE_PARTS) * len(LANGUAGES)
