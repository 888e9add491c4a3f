"""What an exporter is given: the run, the filter in words, and the rows as a stream. No database, no Flask."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.exports.column import Column
from app.exports.columns import COLUMNS, RUN_COLUMNS
from app.exports.formula import Formula
from app.exports.origins import source_title
from app.i18n.catalogue import Translate, translator
from app.i18n.formats import format_date
from app.i18n.marks import N_
from geodata.records.list_file import ListSource, MapArea, MapWater

OWN_LICENCE = "CC BY 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"

Report = Callable[[float], None]


def no_report(share: float) -> None:
    """Tell nobody how far the writing is."""


@dataclass(frozen=True)
class ListDocument:
    """One list to be written. ``lines(guarded, with_run)`` yields CSV lines in blocks, see ``copy_list``.

    ``filter_words`` are (label, value) in ``language``. ``count`` is the number of rows. ``shapes`` and
    ``waters`` give what to draw; ``area_name`` is the area of the filter, or the country. ``formula`` None: not to
    be stated here.
    """

    run_hash: str
    data_date: date
    made_on: date
    scheme: str
    edition: str
    code_version: str
    is_synthetic: bool
    language: str
    area_code: str | None
    area_name: str
    filter_words: tuple[tuple[str, str], ...]
    count: int
    sources: tuple[ListSource, ...]
    address: str | None
    lines: Callable[[bool, bool], Iterator[bytes]] = field(repr=False)
    shapes: Callable[[], list[MapArea]] = field(repr=False)
    report: Report = field(default=no_report, repr=False)
    formula: Formula | None = None
    waters: Callable[[], list[MapWater]] = field(default=list, repr=False)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of every file, in their order."""
        return COLUMNS

    @property
    def constant_keys(self) -> tuple[str, ...]:
        """Keys of what stands in every line after the columns, where ``lines`` is asked for it."""
        return tuple(key for key, _label, _description in RUN_COLUMNS)

    def constant_words(self) -> list[tuple[str, str, str, str]]:
        """Return (key, label, meaning, datatype) of each of ``constant_keys``, in the language of the file."""
        say = self.translate
        kinds = {"data_date": "date"}
        return [(key, say(label), say(meaning), kinds.get(key, "string")) for key, label, meaning in RUN_COLUMNS]

    @property
    def translate(self) -> Translate:
        """Translate into the file's language."""
        return translator(self.language)

    def records(self) -> Iterator[list[str]]:
        """Yield each row as text in the order of ``columns``; unknown is the empty text."""
        text = io.TextIOWrapper(io.BufferedReader(BlockReader(self.lines(False, False))), "utf-8", newline="")
        for done, row in enumerate(csv.reader(text)):
            if done % 5_000 == 0 and self.count:
                self.report(done / self.count)
            yield row

    def about(self) -> list[tuple[str, str, str]]:
        """Return (key, label, value) of what a reader must know about the file, in its language."""
        say = self.translate
        chosen = "; ".join(f"{label}: {value}" for label, value in self.filter_words)
        rows = [
            ("run", say(N_("Run")), self.run_hash),
            ("data_date", say(N_("Data as of")), format_date(self.data_date, self.language)),
            ("made_on", say(N_("File made on")), format_date(self.made_on, self.language)),
            ("area", say(N_("Area")), self.area_name),
            ("filter", say(N_("Filter")), chosen or say(N_("none: the whole list"))),
            ("schools", say(N_("Schools in the file")), str(self.count)),
            ("edition", say(N_("Edition of the Standard")), self.edition),
            ("scheme", say(N_("Scheme of weights")), self.scheme),
            ("version", say(N_("Version of the program")), self.code_version),
            ("licence", say(N_("Licence of this list")), f"{OWN_LICENCE} ({LICENCE_ADDRESS})"),
        ]
        if self.address:
            rows.append(("address", say(N_("Page of this list")), self.address))
        if self.is_synthetic:
            rows.insert(0, ("synthetic", say(N_("Attention")), self.synthetic_mark))
        return rows

    @property
    def synthetic_mark(self) -> str:
        """The sentence that marks synthetic data."""
        return self.translate(N_("Synthetic data for demonstration: no real school."))

    @property
    def title(self) -> str:
        """What the file is, for its first line."""
        return self.translate(N_("%(area)s: schools by priority"), area=self.area_name)

    def source_words(self) -> list[tuple[str, str, str]]:
        """Return (what, publisher, licence) of every source, in the file's language."""
        say = self.translate
        not_stated = say(N_("not stated"))
        rows = [(say(N_("This list")), "Koopsuz Mektep", OWN_LICENCE)]
        for source in self.sources:
            what = source_title(source, say)
            if source.version is not None:
                what += " · " + say(N_("version %(number)s"), number=source.version)
            rows.append((what, say(source.publisher), say(source.licence) if source.licence else not_stated))
        return rows


class BlockReader(io.RawIOBase):
    """Make blocks of bytes readable as a file; holds one block at a time."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer``; 0 at the end."""
        if not self._rest:
            self._rest = next(self._blocks, b"")
        part = self._rest[: len(buffer)]
        buffer[: len(part)] = part
        self._rest = self._rest[len(part) :]
        return len(part)
