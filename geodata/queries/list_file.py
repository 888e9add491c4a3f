"""The list as the text of a file: PostgreSQL writes the lines, Python passes them on.

One expression a column; ``app.exports.columns`` has the same keys and reads the same values from a
``PriorityRow`` (a test compares them cell for cell).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geoalchemy2.functions import ST_X, ST_Y
from sqlalchemy import Text, case, cast, func, literal, select

from geodata.models import Area, AreaBoundary, HazardLayer, School, SchoolResult
from geodata.queries.priorities import PLACES, list_query
from geodata.records.list_file import ListSource
from geodata.records.priority import FACTORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from geodata.records.priority import ListFilter

BLOCK_BYTES = 256 * 1024
SPACES = " \u00a0\u2007\u202f\u3000\u200b\ufeff\n\v\f"
"""What a spreadsheet may skip before it sees a formula; tab and carriage return are dangerous themselves."""
SIGNS = "-=+@\t\r\uff1d\uff0b\uff0d\uff20"
DANGEROUS = f"^[{SPACES}]*[{SIGNS}]"
"""One search: a third of the time of one after cutting the spaces off. A minus that stands first is no range."""
STARTS = tuple(map(ord, SPACES + SIGNS))
"""What a dangerous text can begin with: looked at first, since hardly any does and a search costs ten times as much."""
REAL_NUMBER = "^-[0-9]+([.,][0-9]+)?$"
LANGUAGES = ("ky", "ru", "en")

_GUARDED = ("code", "name_ky", "name_ru", "name_en", "oblast", "rayon", "aimak")
_GUARDED_CODES = ("oblast_code", "rayon_code", "aimak_code", "red_flags")
_PLAIN = (
    "national_rank", "rank_low", "rank_high", "oblast_rank", "rayon_rank", "aimak_rank", "seats", "shifts", "pupils",
    "peak_pupils", "grade", "conformity_class", "index_lower", "index_central", "index_upper", "completeness",
    "priority_lower", "priority_central", "priority_upper", "confidence", "assessed_on",
    "safety_rank", "gap_points", "gap_rank", "benefit_cost", "benefit_rank", "top_by_weights",
)  # fmt: skip


def _local(area: Any, language: str) -> ColumnElement[str]:
    names = [getattr(area, f"name_{code}") for code in dict.fromkeys((language, *LANGUAGES))]
    return func.coalesce(*(func.nullif(name, "") for name in names), area.code)


def _unknown_factors() -> ColumnElement[str]:
    parts = [case((SchoolResult.known[n], None), else_=literal(factor)) for n, factor in enumerate(FACTORS, 1)]
    return func.nullif(func.concat_ws(";", *parts), "")


def _expression(key: str, language: str) -> ColumnElement[Any]:
    if key in _PLAIN:
        return getattr(SchoolResult, key)  # type: ignore[no-any-return]
    if key in ("code", "name_ky", "name_ru", "name_en", "kind", "ownership"):
        return getattr(School, key)  # type: ignore[no-any-return]
    if key in PLACES:
        return _local(PLACES[key], language)
    if key.endswith("_code"):
        return PLACES[key.removesuffix("_code")].code  # type: ignore[return-value]
    if key.startswith("hazard_"):
        return SchoolResult.hazard_levels.op("->>")(key.removeprefix("hazard_"))
    if key.endswith("_value"):
        return case((SchoolResult.known[int(key[1])], SchoolResult.factor_raw[int(key[1])]))
    if key.endswith("_points"):
        return SchoolResult.contribution[int(key[1])]
    special: dict[str, ColumnElement[Any]] = {
        "lon": ST_X(School.location),
        "lat": ST_Y(School.location),
        "red_flags": func.nullif(func.array_to_string(SchoolResult.red_flags, ";"), ""),
        "unknown_factors": _unknown_factors(),
        "top_moves": func.nullif(func.array_to_string(SchoolResult.top_moves, ";"), ""),
        "synthetic": case((School.is_synthetic, literal("true")), else_=literal("false")),
    }
    return special[key]


def guard(text: ColumnElement[Any]) -> ColumnElement[str]:
    """Return ``text`` with an apostrophe before what a spreadsheet would run; real negative numbers stay."""
    risky = func.ascii(text).in_(STARTS) & text.bool_op("~")(DANGEROUS) & text.bool_op("!~")(REAL_NUMBER)
    return case((risky, literal("'") + cast(text, Text)), else_=text)


def copy_list(
    session: Session,
    run_id: int,
    wanted: ListFilter,
    keys: Sequence[str],
    *,
    language: str = "ky",
    guarded: bool = False,
    constants: Sequence[str] = (),
) -> Iterator[bytes]:
    """Yield the filtered list as UTF-8 CSV lines ended by CR LF, in blocks, without a heading.

    Unknown is an empty cell. ``guarded`` protects text against being run as a formula; ``constants`` are
    ours, the same at the end of every line. Row security decides which schools there are. Raises KeyError for
    an unknown key.
    """
    columns = []
    for key in keys:
        found = _expression(key, language)
        columns.append((guard(found) if guarded and key in (*_GUARDED, *_GUARDED_CODES) else found).label(f"c_{key}"))
    columns += [literal(value).label(f"constant_{n}") for n, value in enumerate(constants)]
    yield from _copy(session, list_query(columns, run_id, wanted))


def _copy(session: Session, query: Any) -> Iterator[bytes]:
    connection = session.connection()
    compiled = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    statement = f"COPY ({compiled}) TO STDOUT WITH (FORMAT csv)"
    driver: Any = connection.connection.driver_connection
    lines: list[bytes] = []
    size = 0
    with driver.cursor() as cursor, cursor.copy(statement, compiled.params) as copy:
        for data in copy:
            line = bytes(data)  # one row a message; line ends inside a cell stay as they are
            lines.append(line[:-1])
            size += len(line)
            if size > BLOCK_BYTES:
                lines.append(b"")
                yield b"\r\n".join(lines)
                lines, size = [], 0
    if lines:
        lines.append(b"")
        yield b"\r\n".join(lines)


def list_sources(session: Session) -> list[ListSource]:
    """Return where the data come from: boundaries and the current hazard layers that the scope may see."""
    boundaries = select(AreaBoundary.source, AreaBoundary.licence).distinct().order_by(AreaBoundary.source)
    found = [
        ListSource("boundaries", "", source or "", licence or "")
        for source, licence in session.execute(boundaries)
        if source
    ]
    layers = (
        select(HazardLayer.code, HazardLayer.version, HazardLayer.manifest)
        .where(HazardLayer.is_current)
        .order_by(HazardLayer.code)
    )
    for code, version, manifest in session.execute(layers):
        source = manifest.get("source") or {}
        found.append(
            ListSource(
                "hazard",
                manifest.get("title", code),
                source.get("attribution") or source.get("publisher") or "",
                source.get("licence") or "",
                version,
            )
        )
    return found


def place_names(session: Session, language: str) -> dict[str, str]:
    """Return the names of all areas by code in ``language``, else Kyrgyz, Russian, English."""
    return {row[0]: row[1] for row in session.execute(select(Area.code, _local(Area, language)))}
