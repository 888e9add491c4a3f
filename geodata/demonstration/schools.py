"""Schools: names, ownership, languages, pupils, seats and shifts, calibrated to the published shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.demonstration.counts import (
    OVERCROWDING,
    OVERCROWDING_BISHKEK,
    PRIVATE_SCHOOLS,
    PUPILS,
    QUOTA,
    SCHOOLS,
    SHIFT_SHARES,
)
from geodata.demonstration.geography import BISHKEK
from geodata.demonstration.sites import Sites
from geodata.reference.names import in_english, in_russian

IntArray = NDArray[np.int64]
UNKNOWN = -1
"""Stands for "unknown" inside integer arrays only; it is written as NULL."""

KINDS = ("secondary", "basic", "primary", "gymnasium", "lyceum")
KIND_SHARES = (0.82, 0.08, 0.04, 0.04, 0.02)
KIND_NAMES = {
    "secondary": ("орто мектеби", "Средняя школа", "secondary school"),
    "basic": ("негизги мектеби", "Основная школа", "basic school"),
    "primary": ("башталгыч мектеби", "Начальная школа", "primary school"),
    "gymnasium": ("мектеп-гимназиясы", "Школа-гимназия", "school-gymnasium"),
    "lyceum": ("мектеп-лицейи", "Школа-лицей", "school-lyceum"),
}
SOUTH = ("41703000000000", "41705000000000", "41706000000000", "41721000000000")
LOCATION_QUALITIES = ("declared", "surveyed", "geocoded", "approximate")
LOCATION_SHARES = (0.70, 0.15, 0.10, 0.05)
UNKNOWN_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Schools:
    """One row per school; ``UNKNOWN`` (-1) in ``seats``, ``shifts`` and ``staff`` is unknown."""

    sites: Sites
    first_level: NDArray[Any]
    code: list[str]
    names: list[tuple[str, str, str]]
    kind: NDArray[Any]
    ownership: NDArray[Any]
    languages: list[list[str]]
    pupils: IntArray
    seats: IntArray
    shifts: IntArray
    staff: IntArray
    location_quality: NDArray[Any]


def make_schools(sites: Sites, rng: np.random.Generator) -> Schools:
    """Return the schools at ``sites``."""
    count = len(sites.settlement)
    first_level = np.array([row.first_level for row in sites.settlements], dtype=object)[sites.settlement]
    is_town = np.array([row.is_town for row in sites.settlements])[sites.settlement]
    kind = rng.choice(KINDS, count, p=KIND_SHARES).astype(object)
    ownership = _ownership(first_level, is_town, rng)
    pupils = _pupils(first_level, is_town, ownership, kind, rng)
    shifts = _shifts(pupils, rng)
    seats = _seats(first_level == BISHKEK, ownership == "private", pupils, rng)
    staff = np.maximum(4, np.round(pupils / rng.normal(15, 2, count).clip(9, 22))).astype(np.int64)
    for values in (seats, staff):
        values[rng.random(count) < UNKNOWN_SHARE] = UNKNOWN
    return Schools(
        sites,
        first_level,
        [f"99{number:08d}" for number in range(1, count + 1)],
        _names(sites, kind),
        kind,
        ownership,
        _languages(first_level, is_town, rng),
        pupils,
        seats,
        shifts,
        staff,
        rng.choice(LOCATION_QUALITIES, count, p=LOCATION_SHARES).astype(object),
    )


def _ownership(first_level: NDArray[Any], is_town: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[Any]:
    """Give each unit its share of private schools, in towns first; the others are state or municipal."""
    found = np.where(rng.random(len(first_level)) < 1040 / (1040 + 1099), "state", "municipal").astype(object)
    for unit, number in PRIVATE_SCHOOLS.items():
        own = np.flatnonzero(first_level == unit)
        private = round(number * len(own) / SCHOOLS[unit])
        order = np.lexsort((rng.random(len(own)), ~is_town[own]))
        found[own[order[:private]]] = "private"
    return found


def _pupils(
    first_level: NDArray[Any],
    is_town: NDArray[np.bool_],
    ownership: NDArray[Any],
    kind: NDArray[Any],
    rng: np.random.Generator,
) -> IntArray:
    """Return pupils whose sum per unit follows the grade-1 quota, and the published total over all."""
    size = rng.lognormal(0.0, 0.55, len(first_level)) * np.where(is_town, 1.5, 1.0)
    size *= np.where(ownership == "private", 0.3, 1.0)
    size *= np.select([kind == "primary", kind == "basic"], [0.35, 0.5], 1.0)
    total_quota = sum(QUOTA.values())
    factor = len(first_level) / sum(SCHOOLS.values())
    pupils = np.zeros(len(first_level))
    for unit, quota in QUOTA.items():
        own = first_level == unit
        if own.any():
            pupils[own] = size[own] / size[own].sum() * PUPILS * factor * quota / total_quota
    found: IntArray = np.maximum(12, np.round(pupils)).astype(np.int64)
    return found


def _seats(
    is_bishkek: NDArray[np.bool_], is_private: NDArray[np.bool_], pupils: IntArray, rng: np.random.Generator
) -> IntArray:
    """Return seats such that pupils a seat are as published, over Bishkek and over the rest of the country."""
    crowding = np.where(is_private, 0.8, rng.lognormal(0.0, 0.3, len(pupils)) * OVERCROWDING)
    seats = pupils / crowding
    for group, published in ((is_bishkek, OVERCROWDING_BISHKEK), (~is_bishkek, OVERCROWDING)):
        public = group & ~is_private
        wanted = pupils[group].sum() / published - seats[group & is_private].sum()
        if public.any():
            seats[public] *= max(wanted, 1.0) / seats[public].sum()
    found: IntArray = np.maximum(20, np.round(seats / 5) * 5).astype(np.int64)
    return found


def _shifts(pupils: IntArray, rng: np.random.Generator) -> IntArray:
    """Return shifts: the smallest schools have one, most have two, "flexible" is unknown."""
    order = np.argsort(np.argsort(pupils + rng.normal(0, pupils.std() * 0.4, len(pupils)), kind="stable"))
    quantile = (order + 0.5) / len(pupils)
    one, two, _ = np.cumsum(SHIFT_SHARES)
    return np.where(quantile < one, 1, np.where(quantile < two, 2, UNKNOWN))


def _languages(first_level: NDArray[Any], is_town: NDArray[np.bool_], rng: np.random.Generator) -> list[list[str]]:
    draw = rng.random(len(first_level))
    found = []
    for unit, town, value in zip(first_level, is_town, draw, strict=True):
        if town and value < 0.25:
            found.append(["ru"])
        elif unit in SOUTH and value > 0.95:
            found.append(["uz"] if value > 0.968 else ["ky", "uz"])
        elif value < (0.55 if town else 0.2):
            found.append(["ky", "ru"])
        else:
            found.append(["ky"])
    return found


def _names(sites: Sites, kind: NDArray[Any]) -> list[tuple[str, str, str]]:
    """Number the schools within each unit of the second level: "№ 12 Ак-Терек орто мектеби"."""
    numbers: dict[str, int] = {}
    found = []
    for row, school_kind in zip(sites.settlement, kind, strict=True):
        settlement = sites.settlements[row]
        group = settlement.first_level if settlement.is_town else settlement.area_code[:10]
        numbers[group] = number = numbers.get(group, 0) + 1
        kyrgyz, russian, english = KIND_NAMES[school_kind]
        name_ru, name_en = in_russian(settlement.name), in_english(settlement.name)
        found.append(
            (
                f"№ {number} {settlement.name} {kyrgyz}",
                f"{russian} № {number}, {name_ru}",
                f"{name_en} {english} No. {number}",
            )
        )
    return found
