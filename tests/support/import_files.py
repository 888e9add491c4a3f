"""What tests of imports share: known areas, a context, and where the sample files lie."""

from __future__ import annotations

import csv
import functools
from datetime import date
from pathlib import Path
from typing import Any

from geodata.validation import Context, KnownArea

ROOT = Path(__file__).resolve().parents[2]
BAD_INPUTS = ROOT / "tests/files/bad_inputs"
REAL_DATA = ROOT / "../shared/data"
TODAY = date(2026, 11, 25)

AREAS = (
    KnownArea("41700000000000", 0, None, "country", "Кыргыз Республикасы", "Кыргызская Республика", "Kyrgyz Republic"),
    KnownArea("41704000000000", 1, "41700000000000", "oblast", "Нарын облусу", "Нарынская область", "Naryn oblast", pcode="KG04000000000"),
    KnownArea("41706000000000", 1, "41700000000000", "oblast", "Ош облусу", "Ошская область", "Osh oblast", pcode="KG06000000000"),
    KnownArea("41721000000000", 1, "41700000000000", "republican_city", "Ош шаары", "город Ош", "Osh city", pcode="KG21000000000"),
    KnownArea("41702000000000", 1, "41700000000000", "oblast", "Ысык-Көл облусу", "Иссык-Кульская область", "Issyk-Kul oblast", pcode="KG02000000000"),
    KnownArea("41705000000000", 1, "41700000000000", "oblast", "Баткен облусу", "Баткенская область", "Batken oblast", pcode="KG05000000000"),
    KnownArea("41708000000000", 1, "41700000000000", "oblast", "Чүй облусу", "Чуйская область", "Chui oblast", pcode="KG08000000000"),
    KnownArea("41702205000000", 2, "41702000000000", "rayon", "Ак-Суу району", "Ак-Суйский район", "Ak-Suu rayon", pcode="KG02205000000"),
    KnownArea("41702215000000", 2, "41702000000000", "rayon", "Ысык-Көл району", "Иссык-Кульский район", "Issyk-Kul rayon", pcode="KG02215000000"),
    KnownArea("41704220000000", 2, "41704000000000", "rayon", "Ат-Башы району", "Ат-Башинский район", "At-Bashy rayon", pcode="KG04220000000"),
    KnownArea("41704245000000", 2, "41704000000000", "rayon", "Нарын району", "Нарынский район", "Naryn rayon", pcode="KG04245000000"),
    KnownArea("41706211000000", 2, "41706000000000", "rayon", "Араван району", "Араванский район", "Aravan rayon", pcode="KG06211000000"),
)  # fmt: skip


def context(**changes: Any) -> Context:
    """Return a context with a few real areas and a fixed day."""
    return Context(**{"today": TODAY, "areas": AREAS, **changes})


@functools.lru_cache(maxsize=1)
def manifest() -> list[dict[str, str]]:
    """Return the rows of the sample files' manifest."""
    with (BAD_INPUTS / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
