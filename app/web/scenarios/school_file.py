"""The schools of a scenario event as a file, with what a caller needs in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.exports.plain_table import table_file
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.web.csv_companion import about_table
from app.web.language import current_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.exports.plain_table import Cell
    from geodata.records.scenario import ScenarioFacts, ShakenSchool

KEYS = (
    "scenario", "hour", "school_code", "school", "area_code", "msk", "pga_g", "pupils_present", "staff", "seats",
    "unusable_share", "unusable_share_low", "unusable_share_high", "seats_lost", "severe", "deaths",
    "scenario_is_synthetic",
)  # fmt: skip


PHONE_KEYS = ("phones", "phones_state")
"""Besides, for who sees telephones: never in a file of visitors."""
STATES = {"known": N_("known"), "unknown": N_("no number known"), "hidden": N_("not shown to you")}


def phone_state(row: ShakenSchool) -> str:
    """Return known, unknown (nobody has said a number) or hidden (not for this reader): a key of ``STATES``."""
    if not row.sees_phones:
        return "hidden"
    return "known" if row.phones else "unknown"


def school_file(extension: str, scenario: ScenarioFacts, rows: Sequence[ShakenSchool], hour: int) -> bytes:
    """Return the file: keys in a CSV, words in a workbook; unknown is an empty cell.

    Telephones are there for who sees some: as tel: addresses (RFC 3966), which no spreadsheet takes for a formula.
    """
    language = current_language()
    about = about_table(of_run=False, is_synthetic=scenario.is_synthetic)
    with_phones = any(row.sees_phones for row in rows)
    labels = (
        _("Scenario event"), _("Hour"), _("Code"), _("School"), _("Code of the rayon or city"), _("Intensity, MSK-64"),
        _("Acceleration, g"), _("Pupils inside"), _("Staff"), _("Seats"), _("Share of seats unusable, expected"),
        _("Share of seats unusable, lowest model"), _("Share of seats unusable, highest model"), _("Seats lost"),
        _("Badly hurt or killed, expected"), _("Killed, expected"), _("Sample data"),
    )  # fmt: skip

    def cells(row: ShakenSchool) -> Sequence[Cell]:
        return (
            scenario.code, hour, row.code, local_name(row, language), row.area_code, _rounded(row.msk, 2),
            _rounded(row.pga_g, 3), row.present, row.staff, row.seats, _rounded(row.unusable, 4),
            _rounded(row.unusable_low, 4), _rounded(row.unusable_high, 4), _rounded(row.seats_lost, 1),
            _rounded(row.severe, 2), _rounded(row.deaths, 2), int(scenario.is_synthetic),
        )  # fmt: skip

    def calls(row: ShakenSchool) -> Sequence[Cell]:
        state = phone_state(row)
        said = _(STATES[state]) if extension == "xlsx" else state
        return (" ".join(f"tel:{number}" for number in row.phones) or None, said)

    if not with_phones:
        return table_file(extension, KEYS, labels, (cells(row) for row in rows), scenario.code, about)
    return table_file(
        extension,
        (*KEYS, *PHONE_KEYS),
        (*labels, _("Office telephone"), _("Whether a telephone is known")),
        ((*cells(row), *calls(row)) for row in rows),
        scenario.code,
        about,
    )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
