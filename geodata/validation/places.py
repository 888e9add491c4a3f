"""Which known area a row means: by code, by P-code, by the unit above a settlement, by name."""

from __future__ import annotations

from geodata.validation.codes import PCODE, SOATE, soate_of_pcode, soate_parents, wrong_with_code
from geodata.validation.context import KnownArea
from geodata.validation.names import match_area, names_of
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


def read_areas(sheet: Sheet) -> list[str | None]:
    """Return the code of each row's area, or None where the row names none."""
    finder = AreaFinder(tuple(sheet.context.areas))
    if not finder.areas:
        if "area_code" in sheet or "area_name" in sheet:
            sheet.tell_file("areas_not_loaded")
        return [None] * len(sheet)
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

    codes = sheet.read("area_code", read)
    if above:
        shown = ", ".join(sorted(above)[:8]) + (", …" if len(above) > 8 else "")
        sheet.tell_file("area_taken_above", count=len(above), codes=shown)
    if "area_name" in sheet or "oblast_name" in sheet:
        _add_names(sheet, finder, codes)
    return codes


def _add_names(sheet: Sheet, finder: AreaFinder, codes: list[str | None]) -> None:
    """Fill areas from names and refuse rows whose code and name are of different areas."""
    names, oblasts = sheet.texts("area_name"), sheet.texts("oblast_name")
    known: dict[tuple[str | None, str | None], tuple[str | None, Fault | None]] = {}
    for at, pair in enumerate(zip(names, oblasts, strict=True)):
        if pair == (None, None):
            continue
        if pair not in known:
            known[pair] = _by_name(finder, *pair)
        code, fault = known[pair]
        field = "area_name" if pair[0] else "oblast_name"
        given = codes[at]
        if given is None and fault is not None and "area_code" not in sheet:
            sheet.tell(at, field, pair[0] or pair[1], fault.code, fault.severity, **fault.params)
        elif given is None:
            codes[at] = code
        elif code is not None and not finder.are_related(given, code):
            named = finder.by_code[given]
            shown = next(iter(names_of(named)), given)
            sheet.tell(at, field, pair[0] or pair[1], "area_disagrees", code=given, name=shown)


def _by_name(finder: AreaFinder, name: str | None, oblast: str | None) -> tuple[str | None, Fault | None]:
    parent = match_area(oblast, finder.areas, level=1).area if oblast else None
    if name is None:
        return (parent.code, None) if parent else (None, Fault("area_name_unknown", params={"nearest": "–"}))
    match = match_area(name, finder.areas, parent=parent.code if parent else None)
    if match.area is not None:
        return match.area.code, None
    nearest = "; ".join(f"{next(iter(names_of(area)), '')} ({area.code})" for area in match.nearest) or "–"
    return None, Fault(
        "area_name_ambiguous" if match.is_ambiguous else "area_name_unknown", params={"nearest": nearest}
    )
