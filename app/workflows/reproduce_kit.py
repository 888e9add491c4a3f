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
from app.prioritisation.scheme import list_schemes, load_scheme, scheme_of
from app.risk.parameters import default_parameters
from app.workflows import kit_format, kit_inputs, ranking_scores
from app.workflows.kit_format import KitRefusedError, OtherMethodError, read_kit
from app.workflows.kit_list import ListRow, first_difference, list_csv
from app.workflows.rank_schools import code_version
from geodata.readers.parameter_tables import read_parameter_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.prioritisation.scheme import Scheme
    from app.risk.parameters import RiskParameters
    from app.workflows.kit_format import Kit
    from app.workflows.ranking_inputs import Schools


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What came of it. ``difference`` is None when every byte is the same."""

    run_hash: str
    schools: int
    is_same_code: bool
    difference: str | None


def reproduce(path: Path) -> Reproduction:
    """Compute the list of a kit and compare it with the one that was published.

    Raises:
        KitRefusedError, KitAlteredError: See ``read_kit``.
        OtherMethodError: Parameters or weights of this installation are others than the kit's.
    """
    kit = read_kit(path)
    made, schools = compute_list(kit)
    difference = first_difference(kit.files[kit_format.LIST], made)
    return Reproduction(kit.run_hash, schools, kit.canonical.get("code") == code_version(), difference)


def compute_list(kit: Kit) -> tuple[bytes, int]:
    """Return the list that the rules of this installation make of the kit's inputs, and how many schools it has."""
    schools, assessed, ranked = rank_kit(kit, _scheme_of(kit), default_parameters())
    return list_csv(_rows(_codes(kit), assessed, ranked)), len(schools)


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


def _scheme_of(kit: Kit) -> Scheme:
    """Return the scheme; a kit of other parameters or weights cannot be computed with those that are installed."""
    installed = read_parameter_tables().sha256
    other = sorted(
        name
        for name in installed.keys() | kit.canonical["parameters"].keys()
        if installed.get(name) != kit.canonical["parameters"].get(name)
    )
    if other:
        raise OtherMethodError(f"the kit's parameters are others than the installed ones: {', '.join(other)}")
    name = str(kit.canonical["scheme"].get("name"))
    if name not in list_schemes():  # a saved one: the kit holds it, and its hash was checked
        return scheme_of(name, kit.files[kit_format.SCHEME], read_parameter_tables())
    scheme = load_scheme(name)
    if scheme.sha256 != kit.canonical["scheme"]["sha256"]:
        raise OtherMethodError(f"the kit's scheme {name!r} is another than the installed one")
    return scheme


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
