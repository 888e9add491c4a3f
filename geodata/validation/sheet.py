"""A table under judgement: columns read field by field, each distinct value once, problems by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from geodata.records.table import RawTable, RowProblem, Severity
from geodata.validation.context import Checked, Context
from geodata.validation.texts import PLAIN, clean, gap_of, is_total, looks_like_program

MAX_NAME = 300
MAX_TEXT = 2_000
WARNINGS_TOLD = 500
"""Warnings of one kind in one column that are told row by row; the rest are counted."""
TOTAL_INITIALS = frozenset("ИиВвОоЖжБбTtGgSsСсПп")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value."""

    code: str
    severity: Severity = "error"
    params: dict[str, object] = field(default_factory=dict)


Reading = tuple[Any, Fault | None]


class Sheet:
    """Columns of one table by field. Positions count rows of the table from 0; row numbers are the file's."""

    def __init__(self, table: RawTable, columns: dict[str, str], context: Context) -> None:
        self.table = table
        self.columns = columns
        self.context = context
        self.numbers = [row.number for row in table.rows]
        self.problems: list[RowProblem] = []
        self.file_problems: list[RowProblem] = []
        self.position = {number: at for at, number in enumerate(self.numbers)}
        self.bad: set[int] = set()
        self.silent: set[int] = set()
        self.left_out: set[int] = set()
        self.extra_columns: set[str] = set()
        self.is_restricted = False
        self._told: Counter[tuple[str | None, str]] = Counter()
        self._by_reader: set[tuple[int, str | None]] = set()
        for problem in table.problems:
            if problem.row is not None and problem.row in self.position:
                self._by_reader.add((self.position[problem.row], problem.column))
                if problem.severity == "error":
                    self.bad.add(self.position[problem.row])
        self._index = {column: at for at, column in enumerate(table.columns)}
        self._find_totals()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.numbers)

    def __contains__(self, name: str) -> bool:
        """Tell whether a column holds the field."""
        return name in self.columns

    # --- saying ---------------------------------------------------------------------------------

    def tell(
        self,
        at: int,
        name: str | None,
        value: str | None,
        code: str,
        severity: Severity = "error",
        /,
        **params: object,
    ) -> None:
        """Say what is wrong with the row at a position; an error refuses it."""
        if at in self.silent:
            return
        column = self.columns.get(name) if name else None
        if severity == "error":
            self.bad.add(at)
        elif (at, column) in self._by_reader:
            return
        else:
            self._told[column, code] += 1
            if self._told[column, code] > WARNINGS_TOLD:
                return
        shown = value if value is None or len(value) <= 200 else value[:200] + "…"
        self.problems.append(RowProblem(self.numbers[at], column, shown, code, severity, params))

    def tell_file(self, code: str, severity: Severity = "note", /, **params: object) -> None:
        """Say something about the whole file."""
        self.file_problems.append(RowProblem(None, None, None, code, severity, params))

    def _find_totals(self) -> None:
        """A line of totals is no record: it is refused by name and nothing else is said about it."""
        for at, row in enumerate(self.table.rows):
            first = next((cell for cell in row.cells if cell), None)
            if first and first.lstrip()[:1] in TOTAL_INITIALS and is_total(first) and _is_thin(row.cells):
                self.tell(at, None, first, "total_row")
                self.silent.add(at)

    # --- reading --------------------------------------------------------------------------------

    def cells(self, name: str) -> list[str | None]:
        """Return the cells of the column that holds a field; None for each row when no column does."""
        index = self._index.get(self.columns.get(name, ""))
        if index is None:
            return [None] * len(self.numbers)
        return [row.cells[index] for row in self.table.rows]

    def read(self, name: str, reader: Callable[[str], Reading], is_key: bool = False) -> list[Any]:
        """Return the values of a field; ``reader`` gets each distinct cleaned text once.

        A gap is None. A word for "unknown" is None and told, but refuses the row where the field is a key;
        a doubtful placeholder refuses the row.
        """
        if name not in self.columns:
            return [None] * len(self.numbers)
        known: dict[str | None, tuple[Any, tuple[Fault, ...]]] = {None: (None, ())}
        found = []
        for at, cell in enumerate(self.cells(name)):
            outcome = known.get(cell)
            if outcome is None:
                outcome = known[cell] = _read_one(cell or "", reader, is_key)
            found.append(outcome[0])
            if outcome[1]:
                for fault in outcome[1]:
                    self.tell(at, name, cell, fault.code, fault.severity, **fault.params)
        return found

    def texts(self, name: str, most: int = MAX_NAME) -> list[str | None]:
        """Return a field as text; what looks like a program is kept as text and told."""

        def read_text(text: str) -> Reading:
            if len(text) > most:
                return None, Fault("text_too_long", params={"limit": most, "length": len(text)})
            return text, Fault("text_like_program", "warning") if looks_like_program(text) else None

        return self.read(name, read_text)

    # --- closing --------------------------------------------------------------------------------

    def close(self, records: Sequence[Any]) -> Checked:
        """Return the outcome: records (None or one per position, or a list of them) of rows without an error."""
        for (column, code), times in self._told.items():
            if times > WARNINGS_TOLD:
                self.tell_file(
                    "more_of_the_same", "warning", column=column or "–", code=code, count=times - WARNINGS_TOLD
                )
        checked = Checked(is_restricted=self.is_restricted)
        numbers = self.numbers
        for at, record in enumerate(records):
            if at in self.bad or at in self.left_out:
                continue
            if isinstance(record, list):
                checked.records.extend((numbers[at], one) for one in record)
            else:
                checked.records.append((numbers[at], record))
        checked.refused = [numbers[at] for at in sorted(self.bad)]
        checked.left_out = [numbers[at] for at in sorted(self.left_out - self.bad)]
        mine = [*self.table.problems, *self.file_problems, *self.problems]
        checked.problems = [problem for problem in mine if problem.row is None] + sorted(
            (problem for problem in mine if problem.row is not None), key=lambda problem: problem.row or 0
        )
        return checked


def _is_thin(cells: Sequence[str | None]) -> bool:
    """Tell a line of totals from a school that is called "Всего ...": most of its texts are missing."""
    filled = [cell for cell in cells if cell]
    words = [cell for cell in filled if any(letter.isalpha() for letter in cell)]
    return len(words) <= 2 and (len(filled) <= max(2, len(cells) // 2) or len(words) == 1)


def _read_one(cell: str, reader: Callable[[str], Reading], is_key: bool) -> tuple[Any, tuple[Fault, ...]]:
    if len(cell) > 24 and PLAIN.fullmatch(cell) and "  " not in cell:
        value, fault = reader(cell.strip())
        return value, (fault,) if fault else ()
    text, removed = clean(cell)
    faults: tuple[Fault, ...] = (Fault(removed, "warning"),) if removed else ()
    gap = gap_of(text)
    if gap == "empty":
        return None, faults
    if gap == "unknown":
        return None, (*faults, Fault("key_unknown") if is_key else Fault("unknown_word", "warning"))
    if gap == "placeholder":
        return None, (*faults, Fault("key_unknown" if is_key else "placeholder"))
    value, fault = reader(text)
    return value, (*faults, fault) if fault else faults
