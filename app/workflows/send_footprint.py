"""Shaking that somebody sends or pastes while an event is fresh: read with limits, computed, and there to call by."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from app.workflows.import_options import KeptFile, keep_file
from app.workflows.run_footprint import run_read_footprint
from app.workflows.run_scenario import ScenarioExistsError, ScenarioSummary
from geodata.queries import audit, imports, scenarios
from geodata.readers.footprint_in_sandbox import read_footprint_in_sandbox

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.database import Session

PASTED = {"<": "pasted.xml", "{": "pasted.geojson"}
"""What a text begins with -> what it is: ShakeMap grid.xml or GeoJSON."""


class UnknownTextError(ValueError):
    """A pasted text is neither XML nor GeoJSON."""


@dataclass(frozen=True, slots=True)
class EventWords:
    """What is said of the event; a title of one language stands for those that have none."""

    title_ky: str
    title_ru: str
    title_en: str
    source: str
    licence: str | None = None
    unit: str | None = None
    field: str | None = None
    is_synthetic: bool = False

    @property
    def titles(self) -> dict[str, str]:
        """Return the title in each language."""
        given = {"ky": self.title_ky, "ru": self.title_ru, "en": self.title_en}
        first = next((text for text in given.values() if text), "")
        return {language: text or first for language, text in given.items()}


def keep_pasted(upload_dir: Path, text: str, limit_mb: int) -> KeptFile:
    """Keep a pasted text like a file that was sent.

    Raises:
        UnknownTextError: It is neither XML nor GeoJSON.
        FileTooLargeError: It is larger than a file may be.
    """
    plain = text.strip().removeprefix("\ufeff")
    name = PASTED.get(plain[:1])
    if name is None:
        raise UnknownTextError
    return keep_file(upload_dir, io.BytesIO(plain.encode()), name, limit_mb)


def run_sent_footprint(session: Session, kept: KeptFile, words: EventWords) -> ScenarioSummary:
    """Compute the scenario of a kept footprint; it is not published; the caller commits.

    The same footprint on the same day is the same event: its code is made of the day and of the file's SHA-256.

    Raises:
        FootprintRefusedError, FileRefusedError: The footprint cannot be read.
        ScenarioExistsError: It was sent today already; the error names the code. NothingShakenError: See there.
    """
    code = f"event-{imports.today(session):%Y%m%d}-{kept.sha256[:8]}"
    if scenarios.find_scenario(session, code) is not None:
        raise ScenarioExistsError(code)
    footprint = read_footprint_in_sandbox(kept.path, words.unit, words.field, PurePath(kept.name).suffix)
    made = run_read_footprint(
        session, footprint, code, words.titles, words.source, file_name=kept.name, licence=words.licence,
        is_synthetic=words.is_synthetic,
    )  # fmt: skip
    audit.record(session, "scenario:sent", subject=code)
    return made
