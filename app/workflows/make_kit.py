"""Make the kit of a run while its inputs still stand: tables, layers, answers, parameters, weights and the list.

Public data only: a run that rests on a record or a layer which is not public gets no kit, and the refusal says so.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n.marks import N_
from app.risk.parameters import default_parameters
from app.workflows import kit_format, ranking_inputs, ranking_prices, ranking_scores, ranking_works
from app.workflows.follow_parameters import files_of
from app.workflows.kit_ground import COSTS
from app.workflows.kit_list import ListFigureRow, ListRow, list_csv
from app.workflows.named_schemes import scheme_content
from app.workflows.ranking_answers import blocks_of, load_counted
from app.workflows.reproduce_kit import reproduce
from geodata.queries import priors, run_kits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geodata.database import Session
    from geodata.models import Run

KIT_TEXTS = Path(__file__).resolve().parent / "kit_texts"
"""What lies in each kit for people: a script that needs nothing but Python, and how to go on."""


class NoKitError(Exception):
    """No kit can be made; ``message`` is a msgid with ``params``."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


MOVED = N_("The data have changed since this ranking was made. A kit can only be made before they do.")
HIDDEN = N_(
    "The ranking rests on what is not public: %(schools)s schools, %(buildings)s buildings, %(layers)s layers. "
    "A kit holds public data only."
)
DIFFERS = N_("The kit does not give the list again. Nothing was published; please tell the developers.")


def make_kit(session: Session, run: Run, report: Callable[[float, str], None]) -> bytes:
    """Return the kit of ``run``, after it has given the list again.

    Args:
        session: National scope: everything that the ranking read has to be seen.

    Raises:
        NoKitError: The inputs are others by now, are not public, or do not give the list.
    """
    canonical = json.loads(run.canonical)
    report(5, N_("Reading the inputs"))
    tables = run_kits.input_tables(session, run.edition_id, run.data_date) | _prior_tables(session, canonical)
    tables = {name: body for name, body in tables.items() if name in canonical["inputs"]}  # an older run names fewer
    files = {f"inputs/{name}.csv": body for name, body in tables.items()}
    _hold(canonical["inputs"], tables)
    layers = canonical["layers"]
    schools, buildings, hidden = run_kits.count_hidden(session, run.data_date, list(layers))
    if schools or buildings or hidden:
        raise NoKitError(HIDDEN, schools=schools, buildings=buildings, layers=hidden)
    report(25, N_("Reading answers and hazards"))
    facts = _add_measured(session, run, canonical, files)
    files |= _method_files(session, canonical)
    form = kit_format.FORMAT if "weights_moved" in canonical else kit_format.FIRST_FORMAT
    files |= _result_files(session, run, has_figures=form == kit_format.FORMAT)
    files[kit_format.CANONICAL] = run.canonical.encode()
    files |= {path.name: path.read_bytes() for path in sorted(KIT_TEXTS.iterdir()) if path.is_file()}
    report(70, N_("Making the list again from the kit"))
    kit = kit_format.write_kit(files, {"run": run.hash, "code": run.code_version, "layers": facts}, form)
    _prove(kit)
    return kit


def _prior_tables(session: Session, canonical: dict[str, Any]) -> dict[str, bytes]:
    """Return the tables of priors that the run used; they stand for ever, whatever is in force now."""
    told = canonical.get("priors")
    found = None if told is None else priors.find_version(session, int(told["version"]))
    return {} if found is None else {name: priors.table_text(session, found.version.id, name) for name in priors.TABLES}


def _hold(expected: dict[str, str], found: dict[str, bytes]) -> None:
    for name, body in found.items():
        if hashlib.sha256(body).hexdigest() != expected.get(name):
            raise NoKitError(MOVED)


def _add_measured(session: Session, run: Run, canonical: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
    """Add answers and layers to ``files`` and return what the manifest says of the layers."""
    parameters = default_parameters()
    edition = ranking_scores.load_edition(session, parameters)
    if edition is None or edition.id != run.edition_id:
        raise NoKitError(MOVED)
    schools = ranking_inputs.load_schools(session, run.data_date, parameters)
    buildings = ranking_inputs.load_buildings(session, schools, run.data_date, parameters)
    facts = {}
    for layer in ranking_inputs.measured_layers(session, schools, buildings):
        told = canonical["layers"].get(layer.code) or {}
        _hold({layer.code: told.get("measured", "")}, {layer.code: layer.content})
        files[f"layers/{layer.code}.bin"] = layer.content
        facts[layer.code] = {"hazard": layer.hazard, "manifest": _told(layer.manifest)}
    if facts.keys() != canonical["layers"].keys():
        raise NoKitError(MOVED)
    if "costs" in canonical["inputs"]:
        prices = ranking_prices.load_prices(session, schools)
        costs = ranking_works.load_costs(session, schools, buildings, prices)
        files[COSTS] = ranking_works.costs_text(session, schools, buildings, costs)
        _hold(canonical["inputs"], {"costs": files[COSTS]})
    answers = b"".join(_answers(session, edition, schools, buildings))
    _hold({"answers": canonical["inputs"]["answers"]}, {"answers": answers})
    files[kit_format.ANSWERS] = answers
    return facts


def _told(manifest: Any) -> dict[str, Any]:
    """What the rules ask of a layer, and where it comes from."""
    kept = ("title", "quantity", "unit", "return_period_years", "source")
    return {name: manifest[name] for name in kept if manifest.get(name) is not None}


def _answers(
    session: Session,
    edition: ranking_scores.Edition,
    schools: ranking_inputs.Schools,
    buildings: ranking_inputs.Buildings,
) -> Iterator[bytes]:
    """Yield what the hash of the answers is over, block by block; see ``ranking_scores.assess``."""
    parameters = default_parameters()
    for block, _rows in blocks_of(schools, buildings):
        counted = load_counted(session, edition.id, edition.criterion_ids, block, edition.shelf_life_months, parameters)
        yield (counted.codes + ord("0")).astype(np.uint8).tobytes()
        yield (counted.verified + ord("0")).astype(np.uint8).tobytes()
        yield counted.evidence_day.astype("<i4").tobytes()


def _method_files(session: Session, canonical: dict[str, Any]) -> dict[str, bytes]:
    """Return the parameters that the run had, and the weights as they are; ``NoKitError`` where it had others."""
    files = {f"parameters/{name}": body for name, body in files_of(session, canonical["parameters"]).items()}
    scheme = scheme_content(session, str(canonical["scheme"]["name"]))
    _hold(
        {f"parameters/{name}": digest for name, digest in canonical["parameters"].items()}
        | {kit_format.SCHEME: canonical["scheme"]["sha256"]},
        {**files, kit_format.SCHEME: scheme},
    )
    return {**files, kit_format.SCHEME: scheme}


def _result_files(session: Session, run: Run, *, has_figures: bool) -> dict[str, bytes]:
    """Return the list as the database keeps it, and the areas of each school."""
    rows = run_kits.list_results(session, run.id)
    places = io.StringIO(newline="")
    writer = csv.writer(places)
    writer.writerow(("code", "oblast", "rayon", "aimak"))
    writer.writerows([cell or "" for cell in row[:4]] for row in rows)
    found = (
        ListRow(
            row[0], row[4:8], row[8], row[9], row[10:13], row[13:16], row[16], row[17], row[18],
            ListFigureRow(*row[19:]) if has_figures else None,
        )
        for row in rows
    )  # fmt: skip
    return {kit_format.LIST: list_csv(found), kit_format.PLACES: places.getvalue().encode()}


def _prove(kit: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kit.zip"
        path.write_bytes(kit)
        if reproduce(path).difference is not None:
            raise NoKitError(DIFFERS)
