"""No Russian noun is declined for a number that it does not know: "Школ: 2", not "2 школ"."""

from __future__ import annotations

import re

from scripts.translations import extract, load

NOUNS = (
    "баллов|зданий|знаков|значений|каналов|критериев|месяцев|мест|минут|направлений|объектов|оценок|"
    "помещений|проектов|расчётов|розыгрышах|розыгрышей|событий|столбцов|строк|строках|территорий|"
    "требований|уровней|учащихся|учеников|файлов|цифр|чисел|школ|школам|школах|ячеек|ячейках"
)
FIXED = {
    "complete", "needed", "share",  # percentages and decimals: the genitive is right after each
    "limit", "most", "cells", "fields",  # limits of files and sizes of grids
    "draws", "least", "step", "top", "msk", "once",  # numbers of the method, all of them round
}  # fmt: skip
"""Names of placeholders whose numbers are parameters, so that the sentence was written for them."""
BOUND = r"(?<!менее )(?<!меньше )(?<!больше )(?<!более )"
"""After these words the genitive plural is right, and bounds are round."""
COUNTED = re.compile(rf"{BOUND}%\((\w+)\)s[ \u00a0](?:\w+ых |\w+их )?(?:{NOUNS})\b")


def counted(text: str) -> list[str]:
    """Return the names of counts that stand before a noun."""
    return [name for name in COUNTED.findall(text) if name not in FIXED]


def test_a_count_before_a_noun_is_found():
    assert counted("Из %(all)s школ сдвинулись") == ["all"]
    assert counted("в %(n)s сотрясённых школах") == ["n"]
    assert counted("%(share)s школ; школ: %(n)s из %(all)s") == []


def test_no_noun_is_declined_for_an_unknown_number():
    used = extract()
    wrong = {
        message.id: message.string
        for message in load("ru")
        if isinstance(message.id, str) and message.id in used and counted(message.string)
    }

    assert wrong == {}, "write the noun before its number: «Школ: %(n)s»"
