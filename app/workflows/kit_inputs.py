"""The inputs of a kit as the rules take them: what ``ranking_inputs`` reads from the database, read from its tables.

Each function mirrors one query of ``geodata.queries.scoring``; rows are in the order of codes, ids are row numbers.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import MISSING
from app.assessment.schools import BuildingScores, SchoolScores, score_all
from app.assessment.scoring import Conformity
from app.assessment.standard import Standard
from app.workflows import kit_format, prior_tables, ranking_inputs, ranking_scores
from app.workflows.kit_format import KitRefusedError
from app.workflows.ranking_answers import (
    BlockAnswers,
    CountedAnswers,
    Quality,
    blocks_of,
    expiry_of,
    joined,
    measure_quality,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.risk.parameters import RiskParameters
    from app.workflows.kit_format import Kit

NEVER_ASSESSED = ranking_scores.NEVER_ASSESSED
LEVELS = {"oblast": "1", "rayon": "2", "aimak": "3"}
TRUE = "t"
SCOPES = "inputs/scopes.csv"
"""Kits of the first form had none: nothing of their lists rests on it."""
DAY = np.dtype("<i4")

Rows = list[dict[str, str]]


def _table(kit: Kit, name: str) -> Rows:
    return list(csv.DictReader(io.StringIO(kit.files[name].decode("utf-8"))))


def _numbers(rows: Rows, column: str) -> NDArray[np.float64]:
    """NaN where a cell is empty."""
    return np.array([float(row[column]) if row[column] else np.nan for row in rows], dtype=float)


def _element(text: str, place: int) -> float:
    """Return one element of PostgreSQL's text of an array; NaN where there is none."""
    parts = text.strip("{}").split(",") if text else []
    return float(parts[place]) if place < len(parts) and parts[place] not in ("", "NULL") else np.nan


def schools_of(kit: Kit, day: date, parameters: RiskParameters) -> ranking_inputs.Schools:
    """Return the schools of a kit, with the people inside them."""
    rows, places = _table(kit, "inputs/schools.csv"), {row["code"]: row for row in _table(kit, kit_format.PLACES)}
    poverty = _poverty(_table(kit, "inputs/areas.csv"), day.isoformat())
    found: dict[str, NDArray[Any]] = {"id": np.arange(1, len(rows) + 1, dtype=np.int64)}
    for level in LEVELS:
        named = [(places.get(row["code"]) or {}).get(level, "") for row in rows]
        numbers = {code: number for number, code in enumerate(sorted(set(named) - {""}), 1)}
        found[f"{level}_id"] = np.array([numbers.get(code, 0) for code in named], dtype=np.int64)
    found["poverty_index"] = np.array([poverty.get(row["code"], np.nan) for row in rows], dtype=float)
    found |= {name: _numbers(rows, name) for name in ("pupils", "seats", "shifts", "staff")}
    for name in ("minutes_to_alternative", "boarding_pupils"):  # kits before 2026-12 had none
        found[name] = _numbers([{name: row.get(name, "")} for row in rows], name)
    found["is_boarding"] = np.array([row["kind"] == "boarding" for row in rows], dtype=np.int16)
    for place in range(3):
        for name in ("shift_pupils", "shift_hours"):
            found[f"{name}_{place + 1}"] = np.array([_element(row[name], place) for row in rows], dtype=float)
    found["is_primary"] = np.array([row["kind"] == "primary" for row in rows], dtype=np.int16)
    found["is_synthetic"] = np.array([row["is_synthetic"] == TRUE for row in rows], dtype=np.int16)
    return ranking_inputs.prepare_schools(found, parameters)


def _poverty(rows: Rows, day: str) -> dict[str, float]:
    """The index of a school's district, else of what is nearest; areas that hold on the day of the data."""
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        holds = row["valid_from"] <= day and (not row["valid_to"] or row["valid_to"] > day)
        if holds and row["poverty_index"]:
            levels = found.setdefault(row["school"], {})
            levels[row["level"]] = max(float(row["poverty_index"]), levels.get(row["level"], 0.0))
    order = ("2", "3", "1")
    return {
        school: next((levels[level] for level in order if level in levels), np.nan) for school, levels in found.items()
    }


def buildings_of(kit: Kit, schools: ranking_inputs.Schools, parameters: RiskParameters) -> ranking_inputs.Buildings:
    """Return the buildings of a kit, completed, with the stand-ins of schools that have none."""
    rows = _table(kit, "inputs/buildings.csv")
    number = {row["code"]: place for place, row in enumerate(_table(kit, "inputs/schools.csv"), 1)}
    types = {code: place for place, code in enumerate(parameters.types)}
    soils = {"I": 1, "II": 2, "III": 3}
    found: dict[str, NDArray[Any]] = {
        "id": np.arange(1, len(rows) + 1, dtype=np.int64),
        "school_id": np.array([number[row["school"]] for row in rows], dtype=np.int64),
        "type": np.array([types.get(row["building_type"], len(types)) for row in rows], dtype=np.int16),
        "soil": np.array([soils.get(row["soil_class"], 0) for row in rows], dtype=np.int16),
        "modifiers": np.array([_modifiers(row) for row in rows], dtype=np.int16),
        "is_taught_in": np.array([row["use"] in ("education", "unknown") for row in rows], dtype=np.int16),
    }
    found |= {name: _numbers(rows, name) for name in ("pupil_share", "area_m2", "replacement_som")}
    for name in ("year_built", "storeys"):
        found[name] = np.array([int(row.get(name) or 0) for row in rows], dtype=np.int16)
    return ranking_inputs.prepare_buildings(found, schools, parameters, _priors_of(kit, parameters))


def _priors_of(kit: Kit, parameters: RiskParameters) -> prior_tables.PriorsOfSchools | None:
    """Return the table of priors of a kit and where its schools lie; None: the run had none."""
    told = kit.canonical.get("priors")
    if told is None:
        return None
    files = {name: kit.files[f"inputs/{name}.csv"] for name in prior_tables.TABLES}
    priors = prior_tables.read_priors(int(told["version"]), str(told["edition"]), files, parameters.types)
    places = {row["code"]: row for row in _table(kit, kit_format.PLACES)}
    codes = [row["code"] for row in _table(kit, "inputs/schools.csv")]
    rayon, oblast = (
        np.array([places.get(code, {}).get(level, "") for code in codes], dtype=str) for level in ("rayon", "oblast")
    )
    return prior_tables.PriorsOfSchools(priors, rayon, oblast)


def _modifiers(row: dict[str, str]) -> int:
    flags = ("vertical_irregularity", "plan_irregularity", "", "flexible_diaphragm", "pounding")
    bits = sum(1 << place for place, name in enumerate(flags) if name and row[name] == TRUE)
    return bits + 4 * (row["condition"] in ("poor", "emergency"))


def hazards_of(
    kit: Kit, schools: ranking_inputs.Schools, buildings: ranking_inputs.Buildings, parameters: RiskParameters
) -> ranking_inputs.Hazards:
    """Return what the layers of a kit say at its buildings."""
    facts = kit.manifest["layers"]
    layers = []
    for code in sorted(kit.canonical["layers"]):
        body, count = kit.files[f"layers/{code}.bin"], len(buildings)
        if len(body) != 9 * count:
            raise KitRefusedError(f"layer {code} is not of {count} buildings")
        value = np.frombuffer(body, "<f8", count).astype(float)
        level = np.frombuffer(body, np.int8, count, offset=8 * count).copy()
        told, unused = facts[code], np.zeros(len(schools), dtype=np.int8)
        layers.append(ranking_inputs.MeasuredLayer(code, told["hazard"], 0, "", told["manifest"], value, level, unused))
    kinds = sorted({layer.hazard for layer in layers})
    return ranking_inputs.combine_layers(layers, kinds, schools, buildings, parameters)


def edition_of(kit: Kit, parameters: RiskParameters) -> ranking_scores.Edition:
    """Return the public criteria of the kit's edition, in its order."""
    rows = sorted(_table(kit, "inputs/criteria.csv"), key=lambda row: (int(row["position"]), row["code"]))
    default = parameters["conformity.red_flag_cap"]
    caps = [(float(row["cap"]) if row["cap"] else default) if row["is_critical"] == TRUE else np.nan for row in rows]
    standard = Standard(
        codes=tuple(row["code"] for row in rows),
        weight=_numbers(rows, "weight"),
        cap=np.array(caps, dtype=float),
        domain=tuple(row["domain_code"] for row in rows),
        group=tuple(row["grouping"] for row in rows),
    )
    told = kit.canonical["edition"]
    months = _numbers(rows, "shelf_life_months")
    scopes = {row["code"]: row["scope"] for row in _table(kit, SCOPES)} if SCOPES in kit.files else {}
    ids, shared = list(range(len(rows))), ranking_scores.is_shared([scopes.get(row["code"], "") for row in rows])
    return ranking_scores.Edition(0, told["code"], told["sha256"], standard, ids, months, shared)


def answers_of(
    kit: Kit, edition: ranking_scores.Edition, schools: ranking_inputs.Schools, buildings: ranking_inputs.Buildings
) -> Iterator[tuple[BlockAnswers, NDArray[np.int32]]]:
    """Yield what counts in the buildings of a kit and the day of its evidence, in the blocks of a ranking.

    Raises:
        KitRefusedError: There are fewer or more answers than the buildings need.
    """
    body, place = kit.files[kit_format.ANSWERS], 0
    for block, rows in blocks_of(schools, buildings):
        shape = (len(block.building_ids), len(edition.standard.codes))
        size = shape[0] * shape[1]
        if len(body) < place + 6 * size:
            raise KitRefusedError("the answers are cut off")
        codes = np.frombuffer(body, np.uint8, size, place).astype(np.int8).reshape(shape) - ord("0")
        verified = np.frombuffer(body, np.uint8, size, place + size).reshape(shape) == ord("1")
        day = np.frombuffer(body, DAY, size, place + 2 * size).astype(np.int32).reshape(shape)
        place += 6 * size
        yield BlockAnswers(block, rows, codes.astype(np.int8), verified), day
    if place != len(body):
        raise KitRefusedError("there are more answers than schools")


def assessed_of(
    kit: Kit,
    edition: ranking_scores.Edition,
    schools: ranking_inputs.Schools,
    buildings: ranking_inputs.Buildings,
    parameters: RiskParameters,
    *,
    with_quality: bool = False,
) -> ranking_scores.Assessed:
    """Score the answers of a kit; ``with_quality``: with how good they are, which confidence rests on."""
    cuts, parts, qualities = ranking_scores.cuts_of(parameters), [], []
    for answers, evidence_day in answers_of(kit, edition, schools, buildings):
        block = answers.block
        parts.append(
            score_all(
                answers.codes,
                answers.verified,
                block.school,
                block.share,
                len(block.school_ids),
                edition.standard,
                cuts,
                ranking_scores.prior_of(buildings, edition, parameters, answers.rows),
                parameters["conformity.unverified_trust"],
            )
        )
        if with_quality:
            qualities.append(_quality(kit, answers, evidence_day, edition, parameters))
    scores = BuildingScores(
        Conformity(*joined([part[0].conformity for part in parts])),
        np.concatenate([part[0].conformity_class for part in parts]),
        np.concatenate([part[0].grade for part in parts]),
    )
    none = np.zeros(len(schools))
    quality = Quality(none, none, none, none, none.astype(np.int64), none.astype(np.int64), none, none)
    if qualities:
        quality = Quality(*joined(qualities))
    day = np.full(len(schools), NEVER_ASSESSED, dtype=np.int64)
    return ranking_scores.Assessed(scores, SchoolScores(*joined([part[1] for part in parts])), "", day, quality)


def _quality(
    kit: Kit,
    answers: BlockAnswers,
    evidence_day: NDArray[np.int32],
    edition: ranking_scores.Edition,
    parameters: RiskParameters,
) -> Quality:
    """Return the quality of a block; who contradicts whom is not in a kit, and nothing of the list rests on it."""
    nobody = np.full_like(answers.codes, MISSING)
    expiry = expiry_of(evidence_day.astype(np.int64), edition.shelf_life_months, parameters)
    counted = CountedAnswers(answers.codes, answers.verified, evidence_day, expiry.astype(np.int32), nobody, nobody)
    day = (date.fromisoformat(str(kit.canonical["data_date"])) - date(1970, 1, 1)).days
    return measure_quality(counted, answers.block, edition.standard, day)
