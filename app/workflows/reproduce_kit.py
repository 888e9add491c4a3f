"""Make a published list again from its kit alone: no database, the same rules, and a comparison byte for byte."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.assessment.grades import CLASSES, GRADES
from app.prioritisation.errors import InvalidSchemeError
from app.prioritisation.scheme import Scheme, scheme_of
from app.prioritisation.stability import LABELS
from app.prioritisation.weight_steps import STANDINGS
from app.risk.errors import InvalidParameterError, MissingParameterError
from app.risk.parameters import RiskParameters, parameters_of
from app.workflows import kit_format, kit_ground, kit_inputs, ranking_scores
from app.workflows.kit_format import Kit, KitRefusedError, OtherMethodError, read_kit
from app.workflows.kit_list import ListFigureRow, ListRow, first_difference, list_csv
from app.workflows.list_figures import figures_of
from app.workflows.rank_schools import code_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.workflows.list_figures import Ground, ListFigures
    from app.workflows.ranking_inputs import Schools


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything of a kit that is no fact; the program is that of this installation."""

    kit: Kit
    scheme: Scheme
    parameters: RiskParameters


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came of it. ``difference`` is None when every byte is the same."""

    run_hash: str
    schools: int
    is_same_code: bool
    difference: str | None


def reproduce(path: Path) -> Reproduction:
    """Compute the list of a kit by its own parameters and weights, and compare it with the one that was published.

    Raises:
        KitRefusedError, KitAlteredError: See ``read_kit``.
        OtherMethodError: This program cannot compute with the kit's parameters or weights.
    """
    kit = read_kit(path)
    made, schools = compute_list(kit)
    difference = first_difference(kit.files[kit_format.LIST], made)
    return Reproduction(kit.run_hash, schools, kit.canonical.get("code") == code_version(), difference)


def compute_list(kit: Kit) -> tuple[bytes, int]:
    """Return the list that this program makes of the kit's inputs and parameters, and how many schools it has."""
    try:
        rule = rule_of(kit)
        if kit.form == kit_format.FIRST_FORMAT:
            schools, assessed, ranked = rank_kit(kit, rule.scheme, rule.parameters)
            return list_csv(_rows(_codes(kit), assessed, ranked)), len(schools)
        return _with_figures(kit, rule)
    except (MissingParameterError, InvalidParameterError, InvalidSchemeError) as error:
        raise OtherMethodError(f"this program cannot compute with the parameters of the kit: {error}") from error


def _with_figures(kit: Kit, rule: Rule) -> tuple[bytes, int]:
    try:
        ground = kit_ground.ground_of(kit, rule.scheme, rule.parameters, kit_ground.tables_of(kit))
        plan, top = kit_ground.draws_of(kit)
        figures = figures_of(ground, plan, top)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise KitRefusedError(f"an input of the kit cannot be read: {error}") from error
    rows = zip(_rows(_codes(kit), ground.assessed, ground.ranked), _figure_rows(ground, figures), strict=True)
    return list_csv(row._replace(figures=more) for row, more in rows), len(ground.schools)


def _figure_rows(ground: Ground, figures: ListFigures) -> Iterator[ListFigureRow]:
    ranked, methods, moves, firm = ground.ranked, figures.methods, figures.moves, figures.firm
    for row in range(len(ground.schools)):
        yield ListFigureRow(
            int(ranked.low[row]),
            int(ranked.high[row]),
            None if firm is None else float(firm.p_top[row]),
            None if firm is None else LABELS[int(firm.label[row])],
            int(ranked.confidence[row]),
            int(methods.safety_rank[row]),
            int(methods.gap_rank[row]),
            float(methods.benefit_cost[row]),
            int(methods.benefit_rank[row]),
            STANDINGS[int(moves.standing[row])],
            [move for move, changes in zip(moves.moves, moves.changes[row], strict=True) if changes],
        )


def rank_kit(
    kit: Kit, scheme: Scheme, parameters: RiskParameters
) -> tuple[Schools, ranking_scores.Assessed, ranking_scores.Ranked]:
    """Rank the inputs of a kit by the rules of this installation under any scheme and parameters.

    Raises:
        KitRefusedError: An input cannot be read.
    """
    try:
        day = date.fromisoformat(str(kit.canonical["data_date"]))
        schools = kit_inputs.schools_of(kit, day, parameters)
        buildings = kit_inputs.buildings_of(kit, schools, parameters)
        hazards = kit_inputs.hazards_of(kit, schools, buildings, parameters)
        edition = kit_inputs.edition_of(kit, parameters)
        assessed = kit_inputs.assessed_of(kit, edition, schools, buildings, parameters)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise KitRefusedError(f"an input of the kit cannot be read: {error}") from error
    return schools, assessed, ranking_scores.rank(schools, buildings, hazards, assessed, scheme, parameters)


def rule_of(kit: Kit) -> Rule:
    """Return weights, anchors and parameters as the kit holds them, whatever is installed.

    Raises:
        MissingParameterError, InvalidParameterError, InvalidSchemeError: This program needs others.
    """
    tables = kit_ground.tables_of(kit)
    scheme = scheme_of(str(kit.canonical["scheme"]["name"]), kit.files[kit_format.SCHEME], tables)
    return Rule(kit, scheme, parameters_of(tables))


def _codes(kit: Kit) -> list[str]:
    rows = csv.DictReader(io.StringIO(kit.files["inputs/schools.csv"].decode()))
    return [row["code"] for row in rows]


def _rows(codes: list[str], assessed: ranking_scores.Assessed, ranked: ranking_scores.Ranked) -> Iterator[ListRow]:
    scores, found = assessed.schools, ranked.priorities
    is_open = scores.completeness > 0
    lower, upper = _or(scores.lower, 0.0), _or(scores.upper, 100.0)
    for row, code in enumerate(codes):
        yield ListRow(
            code,
            [int(ranks[row]) for ranks in (ranked.national, *ranked.within.values())],
            GRADES[int(scores.grade[row])],
            CLASSES[int(scores.conformity_class[row])],
            [found.lower[row], found.central[row], found.upper[row]],
            [lower[row], scores.central[row] if is_open[row] else None, upper[row]],
            _or(scores.completeness, 0.0)[row],
            found.contribution[row],
            found.raw[row],
        )


def _or(values: NDArray[np.float64], instead: float) -> NDArray[np.float64]:
    return np.where(np.isnan(values), instead, values)
