"""The operations of the interface as data, from which the OpenAPI document is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.exports import csvw
from app.exports.exporter import load_exporters
from app.exports.plan_print import plan_exporters
from app.web.api import catalogue_models, models, plan_models

FILTERS = (
    "run", "area", "q", "grade", "confidence", "ownership", "hazard", "level", "domain", "plan", "funded", "queue",
    "date", "sort", "desc", "lang",
)  # fmt: skip
PAGED = (*FILTERS, "limit", "offset")
OGC_PAGE = ("run", "bbox", "datetime", "ogc_limit", "offset", "lang")


@dataclass(frozen=True)
class Operation:
    """One GET. ``item`` describes the answer, or with ``is_page`` one item of it."""

    path: str
    name: str
    summary: str
    tag: str
    parameters: tuple[str, ...] = ()
    item: Any = None
    is_page: bool = False
    mimetype: str = "application/json"
    can_miss: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def takes_key(self) -> bool:
        """Whether a program's key counts here; the health of the service is for everybody."""
        return self.tag != "health"


def _reading() -> tuple[Operation, ...]:
    return (
        Operation(
            "/api/v1/priorities",
            "priorities",
            "The ranked list",
            "list",
            PAGED,
            catalogue_models.priority_model(),
            True,
        ),
        Operation(
            "/api/v1/areas", "areas", "Areas with their figures", "areas", (*PAGED, "unit_level"), models.AreaItem, True
        ),
        Operation(
            "/api/v1/areas/{code}", "area", "One area", "areas", ("code", *FILTERS), models.AreaDetail, can_miss=True
        ),
        Operation("/api/v1/schools", "schools", "Schools, ranked or not", "schools", PAGED, models.SchoolItem, True),
        Operation(
            "/api/v1/schools/{code}",
            "school",
            "One school",
            "schools",
            ("code", *FILTERS),
            models.SchoolDetail,
            can_miss=True,
        ),
        Operation(
            "/api/v1/hazards", "hazards", "Public hazard layers", "hazards", PAGED, catalogue_models.HazardItem, True
        ),
    )


def _catalogues() -> tuple[Operation, ...]:
    return (
        Operation(
            "/api/v1/standard/editions",
            "editions",
            "Editions of the Standard",
            "standard",
            PAGED,
            catalogue_models.EditionItem,
            True,
        ),
        Operation(
            "/api/v1/standard/editions/{code}",
            "edition",
            "One edition with its requirements",
            "standard",
            ("code", "lang"),
            catalogue_models.EditionDetail,
            can_miss=True,
        ),
        Operation("/api/v1/runs", "runs", "Rankings, newest first", "runs", PAGED, catalogue_models.RunItem, True),
        Operation(
            "/api/v1/runs/{hash}",
            "run",
            "One ranking with its canonical text",
            "runs",
            ("hash", "lang"),
            catalogue_models.RunDetail,
            can_miss=True,
        ),
    )


def _files() -> tuple[Operation, ...]:
    return tuple(
        Operation(
            f"/api/v1/priorities.{key}",
            f"priorities_{key}",
            f"The filtered list as a file: {exporter.label}",
            "list",
            FILTERS,
            mimetype=exporter.mimetype,
            can_miss=True,
            more={"is_file": True},
        )
        for key, exporter in load_exporters().items()
    )


def _companions() -> tuple[Operation, ...]:
    return (
        Operation("/api/v1/priorities.csv-metadata.json", "priorities_csv_metadata",
                  "What the CSV file of the list holds: filter, run, licence, columns (CSVW)", "list", FILTERS,
                  mimetype=csvw.MIMETYPE, can_miss=True),
        Operation("/api/v1/plans/{hash}.csv-metadata.json", "plan_csv_metadata",
                  "What the CSV file of a plan holds (CSVW)", "plans", ("hash", "area", "lang"),
                  mimetype=csvw.MIMETYPE, can_miss=True),
    )  # fmt: skip


def _plans() -> tuple[Operation, ...]:
    one, window = "/api/v1/plans/{hash}", ("limit", "offset", "lang")
    item, area = plan_models.plan_item_model(), plan_models.PlanAreaItem
    found = (
        Operation("/api/v1/plans", "plans", "Plans of a ranking, newest first", "plans", ("run", *window),
                  plan_models.PlanPage, True),
        Operation(one, "plan", "One plan with its canonical text", "plans", ("hash", "lang"),
                  plan_models.PlanDetail, can_miss=True),
        Operation(f"{one}/items", "plan_items", "Funded schools of a plan, by rank", "plans",
                  ("hash", "area", *window), item, True, can_miss=True),
        Operation(f"{one}/areas", "plan_areas", "What a plan holds for each area of a level", "plans",
                  ("hash", "area", "unit_level", *window), area, True, can_miss=True),
    )  # fmt: skip
    files = tuple(
        Operation(
            f"{one}.{key}",
            f"plan_{key}",
            f"A plan as a file, whole or of an area: {exporter.label}",
            "plans",
            ("hash", "area", "lang"),
            mimetype=exporter.mimetype,
            can_miss=True,
        )
        for key, exporter in plan_exporters().items()
    )
    return (*found, *files)


def _maps() -> tuple[Operation, ...]:
    return (
        Operation("/tiles/{layer}.json", "tilejson", "TileJSON 3 of a layer", "tiles", ("layer",), can_miss=True),
        Operation(
            "/tiles/{layer}/{z}/{x}/{y}.mvt",
            "tile",
            "One vector tile",
            "tiles",
            ("layer", "z", "x", "y", *FILTERS),
            mimetype="application/vnd.mapbox-vector-tile",
            can_miss=True,
            more={"can_be_empty": True},
        ),
        Operation(
            "/tiles/{layer}/picture.png",
            "picture",
            "A raster layer as one picture in Web Mercator",
            "tiles",
            ("layer",),
            mimetype="image/png",
            can_miss=True,
        ),
        Operation("/ogc/", "ogc_landing", "OGC API - Features: landing page", "ogc", ("lang",)),
        Operation("/ogc/conformance", "ogc_conformance", "OGC API - Features: conformance classes", "ogc"),
        Operation("/ogc/collections", "ogc_collections", "Collections", "ogc", ("lang",)),
        Operation(
            "/ogc/collections/{name}", "ogc_collection", "One collection", "ogc", ("name", "lang"), can_miss=True
        ),
        Operation(
            "/ogc/collections/{name}/items",
            "ogc_items",
            "Features of a collection",
            "ogc",
            ("name", *OGC_PAGE),
            mimetype="application/geo+json",
            can_miss=True,
        ),
        Operation(
            "/ogc/collections/{name}/items/{feature_id}",
            "ogc_item",
            "One feature",
            "ogc",
            ("name", "feature_id", "run", "lang"),
            mimetype="application/geo+json",
            can_miss=True,
        ),
    )


def _watching() -> tuple[Operation, ...]:
    return (
        Operation("/healthz", "healthz", "Whether the process lives", "health", mimetype="application/json"),
        Operation("/readyz", "readyz", "Whether everything is ready", "health", more={"can_be_unready": True}),
        Operation(
            "/api/v1/jobs/{token}", "job", "How far a background job is", "jobs", ("token", "lang"), can_miss=True
        ),
        Operation(
            "/api/v1/jobs/{token}/file",
            "job_file",
            "The file of a finished job",
            "jobs",
            ("token",),
            mimetype="application/octet-stream",
            can_miss=True,
        ),
    )


def operations() -> tuple[Operation, ...]:
    """Return every reading operation."""
    return (*_reading(), *_catalogues(), *_files(), *_companions(), *_plans(), *_maps(), *_watching())
