"""CSV and TSV to a raw table: RFC 4180 with the line number of each record in the user's own file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from geodata.readers import limits
from geodata.readers.cells import check_text, name_columns
from geodata.readers.encodings import decode
from geodata.readers.limits import file_problem, refuse
from geodata.records.table import RawRow, RawTable, RowProblem

DELIMITERS = (",", ";", "\t", "|")
SEPARATOR_LINE = re.compile(r'^"?sep=(.)"?\r?\n', re.IGNORECASE)
GUARD = re.compile("'(?=[ \u00a0\u2007\u202f\u3000\u200b\ufeff\n\v\f]*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20])")
"""The apostrophe that our own files and others put before text which a spreadsheet would run; it is no part of it."""
SNIFFED_RECORDS = 60
SWALLOWED_LINES = 3
"""A quoted cell with this many lines that look like records is an unclosed quote."""

Record = tuple[int, list[str]]


def read_delimited(path: Path, encoding: str | None = None) -> RawTable:
    """Return the table of a CSV or TSV file; see ``geodata.readers.encodings`` for the encoding."""
    text, encoding_used, problems = decode(path.read_bytes(), encoding)
    start_line = 1
    if found := SEPARATOR_LINE.match(text):
        delimiter = found.group(1)
        text, start_line = text[found.end() :], 2
        problems.append(file_problem("separator_line", separator=delimiter))
    else:
        delimiter = sniff_delimiter(text)
    records = _records(text, delimiter, start_line)
    header = next(records, None)
    if header is None:
        refuse("file_empty")
    if len(header[1]) > limits.MAX_COLUMNS:
        refuse("too_many_columns", limit=limits.MAX_COLUMNS, found=len(header[1]))
    table = _table(header, records, problems)
    table.encoding = encoding_used
    return table


def sniff_delimiter(text: str) -> str:
    """Return the delimiter whose records agree best in length; decimal commas lose against semicolons."""

    def agreement(delimiter: str) -> tuple[float, int]:
        try:
            lengths = [len(cells) for _, cells in islice(_records(text[:200_000], delimiter, 1), SNIFFED_RECORDS)]
        except Exception:
            lengths = [text.partition("\n")[0].count(delimiter) + 1]
        if not lengths or lengths[0] < 2:
            return (0.0, 0)
        return (Counter(lengths)[lengths[0]] / len(lengths), lengths[0])

    scores = {delimiter: agreement(delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: (scores[delimiter][0] > 0.6, scores[delimiter]))
    return best if scores[best][1] else ","


def _records(text: str, delimiter: str, start_line: int) -> Iterator[Record]:
    """Yield (line, cells) of records that are not blank; the line is where the record begins."""
    csv.field_size_limit(limits.MAX_CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = start_line
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            _refuse_broken(text, line, start_line, str(error))
        following = start_line + reader.line_num
        if following - line > SWALLOWED_LINES and _swallows_records(cells, delimiter):
            _refuse_unclosed(text, line, start_line)
        if any(cell and not cell.isspace() for cell in cells):
            yield line, cells
        line = following


def _swallows_records(cells: list[str], delimiter: str) -> bool:
    """Tell an unclosed quote that another row's quote closed by chance from an honest multi-line cell."""
    longest = max(cells, key=len)
    lines = longest.splitlines()
    widths = Counter(line.count(delimiter) for line in lines[1:-1])
    if not widths:
        return False
    width, times = widths.most_common(1)[0]
    return width >= 2 and times >= SWALLOWED_LINES


def _refuse_broken(text: str, line: int, start_line: int, reason: str) -> None:
    if "unexpected end of data" in reason:
        _refuse_unclosed(text, line, start_line)
    lines = text.split("\n")[line - start_line :]
    if "field larger" in reason:
        if lines and len(lines[0]) < limits.MAX_CELL_CHARACTERS and len(lines) > SWALLOWED_LINES:
            _refuse_unclosed(text, line, start_line)
        refuse("cell_too_long", row=line, limit=limits.MAX_CELL_CHARACTERS)
    refuse("quote_broken", line=line)


def _refuse_unclosed(text: str, line: int, start_line: int) -> None:
    """Name the line on which the quote opens: within the record, the first that leaves a quote open."""
    opened, quotes = line, 0
    for number, content in enumerate(text.split("\n")[line - start_line :], start=line):
        if quotes % 2 == 0:
            opened = number
        quotes += content.count('"')
        if quotes % 2:
            break
    refuse("quote_unclosed", line=opened)


def _table(header: Record, records: Iterator[Record], problems: list[RowProblem]) -> RawTable:
    width = len(header[1])
    rows: list[Record] = []
    for number, cells in records:
        if len(rows) >= limits.MAX_ROWS:
            refuse("too_many_rows", limit=limits.MAX_ROWS)
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width:
            first = next((cell for cell in cells if cell.strip()), None)
            problems.append(
                RowProblem(number, None, first, "row_ragged", "error", {"expected": width, "found": len(cells)})
            )
            cells = (cells + [""] * width)[:width]
        rows.append((number, cells))
    used = {index for index in range(width) if not header[1][index].strip() and any(row[index] for _, row in rows)}
    keep, names, header_problems = name_columns([cell or None for cell in header[1]], used)
    problems.extend(header_problems)
    if not rows:
        problems.append(file_problem("file_missing_rows", "warning"))
    clean = [RawRow(number, _cells(number, cells, keep, names, problems)) for number, cells in rows]
    return RawTable(tuple(names), clean, problems)


def _cells(
    number: int, cells: list[str], keep: list[int], names: list[str], problems: list[RowProblem]
) -> tuple[str | None, ...]:
    found: list[str | None] = []
    for index, name in zip(keep, names, strict=True):
        text = cells[index]
        if text.startswith("'"):
            text = GUARD.sub("", text, count=1) if GUARD.match(text) else text
        if (text and not text.isascii()) or "?" in text or "\x00" in text or len(text) > limits.MAX_CELL_CHARACTERS:
            text, problem = check_text(text, number, name)
            if problem is not None:
                problems.append(problem)
        found.append(text or None)
    return tuple(found)
