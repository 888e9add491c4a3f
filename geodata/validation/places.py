"""Which known area a row means: by code, by P-code, by the unit above a settlement, by name."""

from __future__ import annotations

from geodata.validation.codes import PCODE, SOATE, soate_of_pcode, soate_parents, wrong_with_code
from geodata.validation.context import KnownArea
from geodata.validation.names import AreaMatch, match_area, names_of
from geodata.validation.sheet import Fault, Reading, Sheet


class AreaFinder:
    """Finds areas among the known ones and says what it could not decide."""

    def __init__(self, areas: tuple[KnownArea, ...]) -> None:
        self.areas = areas
        self.by_code = {area.code: area for area in areas}
        self.by_pcode = {area.pcode: area for area in areas if area.pcode}
        self.above = {area.code: area.parent_code for area in areas}

    def resolve(self, code: str) -> tuple[str | None, bool]:
        """Return the code of the known area and whether it is one above what was named."""
        if code in self.by_code:
            return code, False
        if code in self.by_pcode:
            return self.by_pcode[code].code, False
        soate = soate_of_pcode(code) if PCODE.fullmatch(code) else code
        if soate and soate in self.by_code:
            return soate, False
        if soate and SOATE.fullmatch(soate):
            for parent in soate_parents(soate):
                if parent in self.by_code and self.by_code[parent].level > 0:
                    return parent, True
        return None, False

    def are_related(self, first: str, second: str) -> bool:
        """Tell whether one area is the other or lies within it."""
        return first in self.chain(second) or second in self.chain(first)

    def chain(self, code: str) -> list[str]:
        """Return the code and all codes above it."""
        found: list[str] = []
        step: str | None = code
        while step is not None and step not in found:
            found.append(step)
            step = self.above.get(step)
        return found


CODES = ("aimak_code", "area_code", "oblast_code")
NAMES = ("aimak_name", "area_name", "oblast_name")
"""Deepest first: the deepest unit that a row names is its area; the others must lie above it."""


def read_areas(sheet: Sheet) -> list[str | None]:
    """Return the code of each row's area, or None where the row names none."""
    finder = AreaFinder(tuple(sheet.context.areas))
    if not finder.areas:
        if any(name in sheet for name in CODES + NAMES):
            sheet.tell_file("areas_not_loaded")
        return [None] * len(sheet)
    codes = _read_codes(sheet, finder)
    if any(name in sheet for name in NAMES):
        _add_names(sheet, finder, codes)
    return codes


def _read_codes(sheet: Sheet, finder: AreaFinder) -> list[str | None]:
    """Return the deepest code of each row; a code that does not lie above a deeper one is told."""
    above: set[str] = set()

    def read(text: str) -> Reading:
        if fault := wrong_with_code(text):
            return None, Fault(fault)
        code, is_above = finder.resolve(text)
        if code is None:
            if text.isdigit() and len(text) < 14:
                return None, Fault("area_code_shape", params={"digits": len(text)})
            return None, Fault("area_unknown")
        if is_above:
            above.add(text)
        return code, None

    columns = [(name, sheet.read(name, read)) for name in CODES if name in sheet]
    codes: list[str | None] = [None] * len(sheet)
    for name, found in columns:
        for at, code in enumerate(found):
            deeper = codes[at]
            if deeper is None:
                codes[at] = code
            elif code is not None and not finder.are_related(deeper, code):
                named = next(iter(names_of(finder.by_code[deeper])), deeper)
                sheet.tell(at, name, code, "area_codes_disagree", code=deeper, name=named)
    if above:
        shown = ", ".join(sorted(above)[:8]) + (", …" if len(above) > 8 else "")
        sheet.tell_file("area_taken_above", count=len(above), codes=shown)
    return codes


def _add_names(sheet: Sheet, finder: AreaFinder, codes: list[str | None]) -> None:
    """Fill areas from names and refuse rows whose code and name are of different areas."""
    columns = [sheet.texts(name) for name in NAMES]
    has_codes = any(name in sheet for name in CODES)
    known: dict[tuple[str | None, ...], tuple[str | None, str, Fault | None]] = {}
    for at, row in enumerate(zip(*columns, strict=True)):
        if row == (None, None, None):
            continue
        if row not in known:
            known[row] = _by_name(finder, row)
        code, doubtful, fault = known[row]
        given = codes[at]
        if given is None:
            codes[at] = code
            if fault is not None and not has_codes:
                sheet.tell(at, doubtful, row[NAMES.index(doubtful)], fault.code, fault.severity, **fault.params)
        elif code is not None and not finder.are_related(given, code):
            field, shown = next((name, text) for name, text in zip(NAMES, row, strict=True) if text)
            named = next(iter(names_of(finder.by_code[given])), given)
            sheet.tell(at, field, shown, "area_disagrees", code=given, name=named)


def _by_name(finder: AreaFinder, row: tuple[str | None, ...]) -> tuple[str | None, str, Fault | None]:
    """Return the deepest unit that a row's names mean, and the column that leaves a doubt with its fault.

    Names are read from the oblast down, each within the unit found so far. An aimak that cannot be found leaves the
    school in its rayon with a warning; a rayon that cannot be found refuses the row unless its aimak is certain.
    """
    parent: str | None = None
    doubtful, fault = "", None
    for field, name in zip(reversed(NAMES), reversed(row), strict=True):
        if name is None:
            continue
        match = _match_within(finder, field, name, parent)
        if match.area is not None:
            parent, fault = match.area.code, None
        elif fault is None:
            nearest = "; ".join(f"{next(iter(names_of(one)), '')} ({one.code})" for one in match.nearest) or "–"
            code = "area_name_ambiguous" if match.is_ambiguous else "area_name_unknown"
            is_placed = parent is not None and field == "aimak_name"
            doubtful, fault = field, Fault(code, "warning" if is_placed else "error", {"nearest": nearest})
    return (None if fault is not None and fault.severity == "error" else parent), doubtful, fault


def _match_within(finder: AreaFinder, field: str, name: str, parent: str | None) -> AreaMatch:
    """Return what a name means within a unit: one of its own level first: Naryn below Naryn is the rayon."""
    if field == "oblast_name":
        return match_area(name, finder.areas, level=1)
    if parent is not None:
        match = match_area(name, finder.areas, parent=parent, level=3 if field == "aimak_name" else 2)
        if match.area is not None or match.is_ambiguous:
            return match
    return match_area(name, finder.areas, parent=parent)
