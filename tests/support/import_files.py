"""What tests of imports share: known areas, a context, and where the sample files lie."""

from __future__ import annotations

import csv
import functools
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from geodata.records.area import AreaRecord
from geodata.records.table import RawRow, RawTable
from geodata.validation import Context, KnownArea

ROOT = Path(__file__).resolve().parents[2]
BAD_INPUTS = ROOT / "tests/files/bad_inputs"
REAL_DATA = ROOT / "../shared/data"
TODAY = date(2026, 11, 25)

KNOWN = """
41700000000000|0||country|Кыргыз Республикасы|Кыргызская Республика|Kyrgyz Republic
41702000000000|1|41700000000000|oblast|Ысык-Көл облусу|Иссык-Кульская область|Issyk-Kul oblast
41703000000000|1|41700000000000|oblast|Жалал-Абад облусу|Джалал-Абадская область|Jalal-Abad oblast
41704000000000|1|41700000000000|oblast|Нарын облусу|Нарынская область|Naryn oblast
41705000000000|1|41700000000000|oblast|Баткен облусу|Баткенская область|Batken oblast
41706000000000|1|41700000000000|oblast|Ош облусу|Ошская область|Osh oblast
41707000000000|1|41700000000000|oblast|Талас облусу|Таласская область|Talas oblast
41708000000000|1|41700000000000|oblast|Чүй облусу|Чуйская область|Chui oblast
41711000000000|1|41700000000000|republican_city|Бишкек шаары|город Бишкек|Bishkek city
41721000000000|1|41700000000000|republican_city|Ош шаары|город Ош|Osh city
41702205000000|2|41702000000000|rayon|Ак-Суу району|Ак-Суйский район|Ak-Suu rayon
41702215000000|2|41702000000000|rayon|Ысык-Көл району|Иссык-Кульский район|Issyk-Kul rayon
41704220000000|2|41704000000000|rayon|Ат-Башы району|Ат-Башинский район|At-Bashy rayon
41704245000000|2|41704000000000|rayon|Нарын району|Нарынский район|Naryn rayon
41706211000000|2|41706000000000|rayon|Араван району|Араванский район|Aravan rayon
"""
AREAS = tuple(
    KnownArea(code, int(level), parent or None, kind, ky, ru, en, pcode="KG" + code[3:] if int(level) else "KG")
    for code, level, parent, kind, ky, ru, en in (line.split("|") for line in KNOWN.strip().splitlines())
)


def known_area(record: AreaRecord) -> KnownArea:
    """Return a unit of the reference data as a validator knows it."""
    return KnownArea(
        record.code, record.level, record.parent_code, record.kind, record.name_ky, record.name_ru, record.name_en,
        record.former_names, record.pcode, record.valid_from, record.valid_to,
    )  # fmt: skip


def table(columns: Sequence[str], *rows: Sequence[str | None]) -> RawTable:
    """Return a table as a reader hands it over; rows are numbered from 2, under the headings."""
    return RawTable(tuple(columns), [RawRow(number, tuple(cells)) for number, cells in enumerate(rows, start=2)])


def context(**changes: Any) -> Context:
    """Return a context with a few real areas and a fixed day."""
    return Context(**{"today": TODAY, "areas": AREAS, **changes})


@functools.lru_cache(maxsize=1)
def manifest() -> list[dict[str, str]]:
    """Return the rows of the sample files' manifest."""
    with (BAD_INPUTS / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
