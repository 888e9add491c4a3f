"""Check a file against what is stored: what it would add and change, and every problem. Nothing else is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.i18n.marks import N_
from app.workflows import import_hazard, import_succession, import_travel
from app.workflows.import_knowledge import known_to
from app.workflows.import_options import ImportOptions, KeptFile, KeyUsedError, Report, UnknownHazardError
from app.workflows.import_periods import hold_against_periods
from geodata.errors import FileRefusedError
from geodata.queries import import_compare, imports
from geodata.queries.import_facts import facts_of, key_of
from geodata.readers.sandbox import read_in_sandbox, read_raster_in_sandbox
from geodata.records.table import RawTable, RowProblem
from geodata.validation import Checked, validate
from geodata.validation.mapping import ColumnMapping, apply_overrides, guess_mapping
from layers.errors import UnknownLayerError
from layers.registry import find_layer
from layers.sampling import LayerData

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.database import Session
    from geodata.records.imports import ImportSummary
    from geodata.records.raster import RasterFile

UNKNOWN_WORDS = frozenset({"unknown", "неизвестно", "белгисиз"})
"""A cell with one of these says "unknown" on purpose; an empty cell says nothing and leaves what is stored."""

REPEATED = "key_repeated"


@dataclass(slots=True)
class OpenedFile:
    """A file as the reader left it: a table or a raster, or the reason why it is refused whole."""

    kept: KeptFile
    table: RawTable | None = None
    raster: RasterFile | None = None
    refusal: RowProblem | None = None

    @property
    def rows(self) -> int:
        """Return the number of rows; a raster counts as one, a file that cannot be read has none."""
        if self.table is not None:
            return len(self.table.rows)
        return 1 if self.raster is not None else 0


def open_file(kept: KeptFile, options: ImportOptions) -> OpenedFile:
    """Read a kept original in a process of its own; call it outside of a transaction, it may take long.

    Raises:
        UnknownHazardError: The catalogue has no layer of the given code.
    """
    try:
        if options.kind == "hazard" and _layer(options).kind == "raster":
            return OpenedFile(kept, raster=import_hazard.in_unit(_layer(options), read_raster_in_sandbox(kept.path)))
        table = read_in_sandbox(kept.path, sheet=options.sheet, layer=options.layer, encoding=options.encoding)
    except FileRefusedError as error:
        return OpenedFile(kept, refusal=error.problem)
    return OpenedFile(kept, table=table)


def _layer(options: ImportOptions) -> Any:
    try:
        return find_layer(options.hazard_code or "")
    except UnknownLayerError as error:
        raise UnknownHazardError(options.hazard_code) from error


def find_mapping(table: RawTable, options: ImportOptions) -> ColumnMapping:
    """Return which column holds which field: guessed, then as the person says."""
    guess = guess_mapping(table.columns, table.rows, options.kind, table.has_geometry)
    return apply_overrides(guess, options.overrides, table.columns, options.kind)


def check_within(
    session: Session,
    opened: OpenedFile,
    options: ImportOptions,
    *,
    batch_id: int | None = None,
    idempotency_key: str | None = None,
    report: Report | None = None,
) -> ImportSummary:
    """Check an opened file in the caller's transaction and return the batch (status checked or refused).

    Under an ``idempotency_key`` that has made a batch already, that batch is returned as it stands.

    Raises:
        KeyUsedError: The key made a batch of another file or kind.
    """
    if idempotency_key is not None:
        imports.hold_key(session, f"import key {idempotency_key}")
        earlier = imports.find_by_key(session, idempotency_key)
        if earlier is not None:
            if (earlier.file_sha256, earlier.kind) != (opened.kept.sha256, options.kind):
                raise KeyUsedError(idempotency_key)
            return earlier
    number = batch_id or add_batch(session, opened.kept, options, idempotency_key)
    imports.clear(session, number)
    imports.change_batch(session, number, options=options.as_json() | {"rows": opened.rows, "left_out": 0})
    if opened.refusal is not None:
        _refuse(session, number, [opened.refusal])
    elif options.kind == "hazard":
        _check_hazard(session, number, opened, options, report)
    elif options.kind in import_travel.KINDS:
        _check_travel(session, number, opened, options, report)
    else:
        _check_table(session, number, opened, options, report)
    return _summary(session, number)


def add_batch(
    session: Session,
    kept: KeptFile,
    options: ImportOptions,
    idempotency_key: str | None = None,
    status: str = "checking",
) -> int:
    """Add the batch of a kept file and return its number."""
    from geodata.database import ACCOUNT_KEY

    return imports.add_batch(
        session,
        kind=options.kind,
        status=status,
        file_name=kept.name,
        file_sha256=kept.sha256,
        file_bytes=kept.size,
        hazard_code=options.hazard_code,
        source=options.source,
        licence=options.licence,
        valid_from=options.valid_from,
        options=options.as_json(),
        idempotency_key=idempotency_key,
        account_id=session.info.get(ACCOUNT_KEY),
    )


def _check_table(
    session: Session, batch_id: int, opened: OpenedFile, options: ImportOptions, report: Report | None
) -> None:
    table = opened.table
    assert table is not None
    mapping = find_mapping(table, options)
    if report:
        report(20, N_("Checking rows"))
    context = known_to(session, options)
    checked = validate(options.kind, table, mapping, context)
    imports.change_batch(session, batch_id, mapping=mapping.columns)
    if checked.file_is_refused:
        _refuse(session, batch_id, checked.problems)
        return
    if report:
        report(60, N_("Comparing with what is stored"))
    known = {area.code for area in context.areas} if options.kind == "areas" else set()
    import_compare.stage(session, _staged(checked, table, mapping, known))
    counts = import_compare.compare(session, batch_id, options.kind)
    if options.kind == "areas" and options.valid_from is not None:
        records = [record for _, record in checked.records]
        checked.problems += import_succession.close_former(session, batch_id, records, options.valid_from)
        counts = import_compare.count(session, batch_id)
    if options.kind == "answers" and (frozen := import_compare.leave_out_frozen(session, batch_id)):
        checked.problems += [RowProblem(number, None, key, "answer_frozen") for number, key in frozen]
        checked.refused += [number for number, _ in frozen]
        counts = import_compare.count(session, batch_id)
    _finish(session, batch_id, checked, counts)


def _staged(
    checked: Checked, table: RawTable, mapping: ColumnMapping, known: set[str]
) -> Iterator[tuple[int, int, str, dict[str, Any]]]:
    """Yield what goes into staging; a key that repeats is refused here if no earlier check saw it."""
    position = {column: index for index, column in enumerate(table.columns)}
    fields = {field: position[column] for field, column in mapping.columns.items() if column in position}
    cells = {row.number: row.cells for row in table.rows}
    seen: set[str] = set()
    refused = set(checked.refused)
    last, part = None, 0
    for number, record in checked.records:
        part = part + 1 if number == last else 0
        last = number
        key = key_of(record)
        if key in seen:
            checked.problems.append(RowProblem(number, None, key, REPEATED))
            if number not in refused:
                refused.add(number)
                checked.refused.append(number)
            continue
        seen.add(key)
        facts = facts_of(record, _called_unknown(record, fields, cells.get(number, ())))
        if key in known and "valid_from" not in fields:
            facts.pop("valid_from", None)
        yield number, part, key, facts


def _called_unknown(record: Any, fields: dict[str, int], cells: tuple[str | None, ...]) -> list[str]:
    found = []
    for field, index in fields.items():
        text = cells[index] if index < len(cells) else None
        if text and text.strip().casefold() in UNKNOWN_WORDS and hasattr(record, field):
            found.append(field)
    return found


def _check_hazard(
    session: Session, batch_id: int, opened: OpenedFile, options: ImportOptions, report: Report | None
) -> None:
    layer = import_hazard.stated_layer(_layer(options), options)
    if opened.raster is not None:
        told = hold_against_periods(session, layer, LayerData(raster=opened.kept.path))
        problems = [*opened.raster.problems, *told]
        if any(problem.severity == "error" for problem in told):
            _refuse(session, batch_id, problems)
            return
        counts = import_hazard.compare_raster(session, batch_id, layer, opened.kept)
        _finish(session, batch_id, Checked(problems=problems), counts)
        return
    assert opened.table is not None
    mapping = find_mapping(opened.table, options)
    if report:
        report(20, N_("Checking rows"))
    checked = import_hazard.validate_features(opened.table, mapping, layer, imports.today(session), options.overrides)
    imports.change_batch(session, batch_id, mapping=mapping.columns)
    if not checked.file_is_refused:
        checked.problems += hold_against_periods(session, layer, import_hazard.data_of(checked.records))
    if checked.file_is_refused:
        _refuse(session, batch_id, checked.problems)
        return
    counts, digest, notes = import_hazard.compare_features(session, batch_id, layer, checked.records)
    checked.problems += notes
    imports.change_batch(session, batch_id, options={"digest": digest})
    _finish(session, batch_id, checked, counts)


def _check_travel(
    session: Session, batch_id: int, opened: OpenedFile, options: ImportOptions, report: Report | None
) -> None:
    assert opened.table is not None
    mapping = find_mapping(opened.table, options)
    if report:
        report(20, N_("Checking rows"))
    checked = validate(options.kind, opened.table, mapping, known_to(session, options))
    imports.change_batch(session, batch_id, mapping=mapping.columns)
    if checked.file_is_refused:
        _refuse(session, batch_id, checked.problems)
        return
    counts, digest, notes = import_travel.compare_travel(session, batch_id, options.kind, checked.records)
    checked.problems += notes
    imports.change_batch(session, batch_id, options={"digest": digest})
    _finish(session, batch_id, checked, counts)


def travel_records(session: Session, opened: OpenedFile, options: ImportOptions) -> list[tuple[int, Any]]:
    """Return the roads or services of an opened file as its check took them."""
    assert opened.table is not None
    context = known_to(session, options)
    return validate(options.kind, opened.table, find_mapping(opened.table, options), context).records


def _refuse(session: Session, batch_id: int, problems: list[RowProblem]) -> None:
    imports.add_problems(session, batch_id, problems)
    imports.change_batch(session, batch_id, status="refused", progress_pct=100)


def _finish(session: Session, batch_id: int, checked: Checked, counts: import_compare.ComparedCounts) -> None:
    added, changed, unchanged = counts
    imports.add_problems(session, batch_id, checked.problems)
    imports.change_batch(
        session,
        batch_id,
        options={"left_out": len(set(checked.left_out))},
        status="checked",
        added=added,
        changed=changed,
        unchanged=unchanged,
        refused=len(set(checked.refused)),
        is_restricted=checked.is_restricted,
        progress_pct=100,
    )


def _summary(session: Session, batch_id: int) -> ImportSummary:
    found = imports.find_batch(session, batch_id)
    assert found is not None
    return found
