"""The look through the libraries: its day stands in each list, and a late one is told."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from scripts.dependencies import LISTS, LOOK_EVERY_DAYS, ROOT, last_look, overdue

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize("name", LISTS)
def test_each_list_says_when_it_was_looked_through(name):
    assert last_look(Path(ROOT / name).read_text(encoding="utf-8")) is not None


def test_a_late_look_and_a_list_without_a_day_are_told():
    looks = {"late": TODAY - timedelta(days=LOOK_EVERY_DAYS + 1), "in time": TODAY - timedelta(LOOK_EVERY_DAYS)}

    told = list(overdue({**looks, "none": None}, TODAY))

    assert [line.split(":")[0] for line in told] == ["late", "none"]


def test_the_newest_of_several_days_counts():
    assert last_look("# checked 2026-01-02\n# checked 2026-03-04, one of them") == date(2026, 3, 4)


def test_the_document_promises_the_time_that_is_checked():
    document = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    promised = re.search(r"every (\d+) days", document.partition("## Updates of libraries")[2])

    assert promised is not None
    assert int(promised[1]) == LOOK_EVERY_DAYS
