"""Run a scenario event of a file: shaking, or the area of a storm or a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.workflows.run_scenario import FloatArray, ScenarioSummary, Shaking, run_event
from geodata.database import ACCOUNT_KEY, Session
from geodata.readers.footprint import read_footprint

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.readers.footprint_values import Footprint


def run_footprint(
    session: Session,
    path: Path,
    code: str,
    titles: dict[str, str],
    source: str,
    *,
    unit: str | None = None,
    field: str | None = None,
    licence: str | None = None,
    is_synthetic: bool = False,
    publish: bool = False,
    replace: bool = False,
) -> ScenarioSummary:
    """Compute a scenario from a file of shaking; the caller commits.

    Raises:
        FootprintRefusedError: See ``geodata.readers.footprint``.
        ScenarioExistsError, NothingShakenError: See there.
    """
    footprint = read_footprint(path, unit, field)
    return run_read_footprint(
        session, footprint, code, titles, source, file_name=path.name, licence=licence, is_synthetic=is_synthetic,
        publish=publish, replace=replace,
    )  # fmt: skip


def run_read_footprint(
    session: Session,
    footprint: Footprint,
    code: str,
    titles: dict[str, str],
    source: str,
    *,
    file_name: str,
    licence: str | None = None,
    is_synthetic: bool = False,
    publish: bool = False,
    replace: bool = False,
) -> ScenarioSummary:
    """Compute a scenario from a footprint that is read already; the caller commits.

    Raises:
        ScenarioExistsError, NothingShakenError: See there.
    """
    told = footprint.facts or {}
    facts = {
        "code": code,
        "kind": "file",
        "measure": footprint.measure,
        "source": source,
        "licence": licence,
        "file_name": file_name,
        "account_id": session.info.get(ACCOUNT_KEY),
        "magnitude": _number(told.get("magnitude")),
        "depth_km": _number(told.get("depth")),
        "lon": _number(told.get("lon")),
        "lat": _number(told.get("lat")),
        "input_sha256": footprint.sha256,
        "is_synthetic": is_synthetic,
    } | {f"title_{language}": title for language, title in titles.items()}

    def shake(lon: FloatArray, lat: FloatArray) -> Shaking:
        return Shaking(footprint.measure, footprint.values_at(lon, lat))

    return run_event(session, facts, shake, publish=publish, replace=replace)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
