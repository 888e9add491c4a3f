"""What an exporter is given of a plan: the document of the list with other columns, hashes and stamps."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.exports.column import Column, Places
from app.exports.document import LICENCE_ADDRESS, OWN_LICENCE, ListDocument
from app.exports.plan_columns import PLAN_COLUMNS, PLAN_CONSTANTS, cell_text
from app.exports.problem_list import safe_text
from app.i18n.formats import format_date, format_number, format_percent
from app.i18n.marks import N_
from geodata.records.plan_item import PlanItemRow

DRAFT = N_("Draft - not for allocation")
UNPROVEN = N_("Not proven: a better plan may exist")
BLOCK_ROWS = 500


@dataclass(frozen=True, kw_only=True)
class PlanDocument(ListDocument):
    """One plan, whole or of an area. ``cost_som`` and ``count`` are those of the file, ``plan_cost_som`` of the plan.

    ``gap`` and ``proposal_share`` are shares 0..1; ``is_draft``: too much rests on proposals to hand out money by it.
    """

    plan_hash: str
    budget_som: int
    plan_cost_som: int
    cost_som: int
    gap: float
    proposal_share: float
    is_draft: bool
    is_proven: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of every file of a plan."""
        return PLAN_COLUMNS

    @property
    def constant_keys(self) -> tuple[str, ...]:
        """Keys of what stands in every line after the columns."""
        return PLAN_CONSTANTS

    def constant_words(self) -> list[tuple[str, str, str, str]]:
        """Return (key, label, meaning, datatype) of each of ``constant_keys``, in the language of the file."""
        say = self.translate
        plan = (
            "plan",
            say(N_("Plan")),
            say(N_("Hash of the plan; the same hash is the same plan.")),
            "string",
        )
        stamp = (
            "stamp", say(N_("Attention")), say(N_("What limits the use of the plan; empty: nothing does.")), "string"
        )  # fmt: skip
        return [plan, *super().constant_words(), stamp]

    @property
    def title(self) -> str:
        """What the file is, for its first line."""
        return self.translate(N_("%(area)s: schools with money in the plan"), area=self.area_name)

    @property
    def stamps(self) -> list[str]:
        """What limits the use of the plan, in the language of the file."""
        say = self.translate
        chosen = ((self.is_draft, DRAFT), (not self.is_proven, UNPROVEN))
        return [say(stamp) for is_on, stamp in chosen if is_on]

    def about(self) -> list[tuple[str, str, str]]:
        """Return (key, label, value) of what a reader must know about the file, in its language."""
        say, language = self.translate, self.language
        chosen = "; ".join(f"{label}: {value}" for label, value in self.filter_words)
        rows = [("stamp", say(N_("Attention")), stamp) for stamp in self.stamps]
        if self.is_synthetic:
            rows.insert(0, ("synthetic", say(N_("Attention")), self.synthetic_mark))
        rows += [
            ("plan", say(N_("Plan")), self.plan_hash),
            ("run", say(N_("Run")), self.run_hash),
            ("data_date", say(N_("Data as of")), format_date(self.data_date, language)),
            ("made_on", say(N_("File made on")), format_date(self.made_on, language)),
            ("area", say(N_("Area")), self.area_name),
            ("filter", say(N_("Filter")), chosen or say(N_("none: the whole plan"))),
            ("schools", say(N_("Schools in the file")), str(self.count)),
            ("cost_som", say(N_("Cost of the schools in the file, som")), format_number(self.cost_som, language)),
            ("plan_cost_som", say(N_("Cost of the whole plan, som")), format_number(self.plan_cost_som, language)),
            ("budget_som", say(N_("Budget of the plan, som")), format_number(self.budget_som, language)),
            ("gap", say(N_("The best possible plan has at most this much more")), self._percent(self.gap, 2)),
            ("proposal", say(N_("Share of the benefit that rests on proposals")), self._percent(self.proposal_share)),
            ("edition", say(N_("Edition of the Standard")), self.edition),
            ("scheme", say(N_("Scheme of weights")), self.scheme),
            ("version", say(N_("Version of the program")), self.code_version),
            ("licence", say(N_("Licence of this list")), f"{OWN_LICENCE} ({LICENCE_ADDRESS})"),
        ]
        if self.address:
            rows.append(("address", say(N_("Page of this list")), self.address))
        return rows

    def _percent(self, share: float, decimals: int = 0) -> str:
        return format_percent(100 * share, self.language, decimals)


def plan_lines(
    rows: Iterable[PlanItemRow], names: Places, *, guarded: bool, constants: Sequence[str]
) -> Iterator[bytes]:
    """Yield the rows as UTF-8 CSV lines ended by CR LF, in blocks, without a heading; unknown is an empty cell.

    ``guarded`` protects text against being run as a formula; ``constants`` stand at the end of every line.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for number, row in enumerate(rows, 1):
        cells = []
        for column in PLAN_COLUMNS:
            text = cell_text(column, column.get(row, names))
            cells.append(safe_text(text) if guarded and column.kind == "text" else text)
        writer.writerow((*cells, *constants))
        if number % BLOCK_ROWS == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()
