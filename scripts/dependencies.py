"""Tell whether libraries were looked through within the time that SECURITY.md promises.

For developers and for who installs: ``python -m scripts.dependencies``; exit code 1 when a look is overdue. Nothing is
asked of any network: whether a version has a known hole is what the look itself finds out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOOK_EVERY_DAYS = 90
"""As SECURITY.md says under "Updates of libraries"."""
CHECKED = re.compile(r"checked (\d{4}-\d{2}-\d{2})")
LISTS = ("requirements.in", "app/web/static/vendor/vendor.toml")


def last_look(text: str) -> date | None:
    """Return the newest day on which a list says that it was checked; None where it says none."""
    days = [date.fromisoformat(day) for day in CHECKED.findall(text)]
    return max(days, default=None)


def overdue(looks: dict[str, date | None], today: date) -> Iterator[str]:
    """Yield a line for each list that was not looked through in time."""
    for name, day in looks.items():
        if day is None:
            yield f'{name}: no day of a check ("checked YYYY-MM-DD")'
        elif (today - day).days > LOOK_EVERY_DAYS:
            yield f"{name}: checked {day}, {(today - day).days} days ago; every {LOOK_EVERY_DAYS} days is promised"


def main() -> int:
    """Print each list with its day; return 1 when one is overdue."""
    looks = {name: last_look((ROOT / name).read_text(encoding="utf-8")) for name in LISTS}
    for name, day in looks.items():
        print(f"{name}: checked {day}")
    late = list(overdue(looks, date.today()))  # noqa: DTZ011  the day of this machine
    for line in late:
        print(line, file=sys.stderr)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
