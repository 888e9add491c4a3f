"""Every error that a request can raise has a status in one table, and there is one shape of errors in JSON."""

from __future__ import annotations

import ast
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import app
import geodata
import layers
from app.web.problems import BY_ERROR, UNEXPECTED

ROOT = Path(__file__).resolve().parents[2]

FAULTS = {
    "app.assessment.errors.AssessmentError",
    "app.assessment.errors.InvalidSampleError",
    "app.assessment.errors.InvalidStandardError",
    "app.exports.formats.folium_map.RemoteAddressError",
    "app.exports.formats.folium_map.UnknownShapeError",
    "app.exports.typeset.TypesettingError",
    "geodata.queries.priorities.QueueNotAskedError",
    "app.prioritisation.difference.SchoolsDifferError",
    "app.funding.errors.CatalogueError",
    "app.prioritisation.errors.InvalidSchemeError",
    "app.prioritisation.errors.PrioritisationError",
    "app.risk.errors.InvalidHazardCurveError",
    "app.risk.errors.InvalidParameterError",
    "app.risk.errors.MissingParameterError",
    "app.risk.errors.RiskError",
    "app.risk.errors.UnknownBuildingTypeError",
    "app.risk.errors.UnknownMeasureError",
    "app.workflows.jobs.JobsError",
    "app.workflows.jobs.UnknownJobKindError",
    "geodata.queries.bulk_arrays.NullInColumnError",
    "geodata.readers.winter.WinterRulesError",
    "layers.errors.InvalidManifestError",
    "layers.errors.LayersError",
    "layers.errors.UnknownKindError",
}
"""Faults of the program or of its own tables; nothing that somebody sends makes one. They are answered 500."""

ELSEWHERE = {
    "app.web.work.placing.PlaceConflictError": "the page of doubtful places, beside its form",
    "app.web.work.placing.PlaceDoubtedError": "the page of doubtful places, beside its form",
    "app.web.work.placing.PlaceRefusedError": "the page of doubtful places, beside its form",
    "app.prioritisation.errors.AmbiguousSchemeError": "the command rank, and the job worker, which keeps its words",
    "app.prioritisation.errors.UnknownSchemeError": "the command rank, and the job worker, which keeps its words",
    "app.workflows.make_official.NoApproverError": "the commands rank and parameters",
    "app.workflows.check_parameters.ParametersError": "the command parameters",
    "app.workflows.check_parameters.TableRefusedError": "the command parameters",
    "app.workflows.check_parameters.UnknownTableError": "the command parameters",
    "app.workflows.use_parameters.NoOwnerError": "the command parameters",
    "app.workflows.use_parameters.SameTableError": "the command parameters",
    "layers.errors.UnreadableRasterError": "the picture of a raster, which the map then leaves out by name",
    "app.prioritisation.errors.TooManyDrawsError": "the command rank, and the job worker, which keeps its words",
    "app.web.startup.UnsafeInstallationError": "the start, which it stops",
    "app.workflows.make_priors.NothingSurveyedError": "the command priors and its job",
    "app.workflows.make_priors.PriorsError": "the command priors and its job",
    "app.workflows.make_priors.UnknownVersionError": "the command priors",
    "app.workflows.plan_wish.AllocationError": "the command allocate and its job",
    "app.workflows.plan_wish.WishError": "the command allocate, its job, and the budget page, which tells it",
    "app.workflows.allocate_budget.NoOffersError": "the command allocate and its job",
    "app.workflows.allocate_budget.NoSuchRunError": "the command allocate and its job",
    "app.workflows.back_up.ArchiveRefusedError": "the command restore",
    "app.workflows.back_up.BackupError": "the commands backup and restore",
    "app.workflows.back_up.TargetNotEmptyError": "the command restore",
    "app.workflows.plan_draws.InputsChangedError": "the command chances and its job",
    "app.workflows.plan_draws.NothingSolvedError": "the command chances and its job",
    "app.workflows.sensitivity_variants.NoSuchPlanError": "the command sensitivity and its job",
    "app.workflows.jobs.JobFailedError": "the job worker, which keeps its words for the page of the job",
    "app.workflows.pictures.PictureError": "keeping evidence, which refuses the file with its code",
    "app.workflows.rescore.NoSchoolsError": "the command rescore; its page answers 404",
    "app.workflows.rescore.RescoreError": "the command rescore; its page answers 404",
    "app.workflows.rescore.UnknownEditionError": "the command rescore; its page answers 404",
    "app.workflows.scenario_errors.NothingShakenError": "the command scenario",
    "app.workflows.scenario_errors.ScenarioCodeError": "the command scenario; a form makes the code itself",
    "app.workflows.scenario_errors.ScenarioError": "the command scenario",
    "app.workflows.scenario_errors.WeaklyShakenError": "the command scenario",
    "app.workflows.scenario_errors.ScenarioExistsError": "the command scenario",
    "app.workflows.scenario_errors.UnknownScenarioError": "the command scenario",
    "app.workflows.send_footprint.UnknownTextError": "the form of a footprint, which says it at the field",
    "geodata.errors.FootprintRefusedError": "the command scenario and the form of a footprint",
    "app.workflows.kit_format.KitAlteredError": "the command reproduce",
    "app.workflows.kit_format.KitError": "the command reproduce",
    "app.workflows.kit_format.KitRefusedError": "the command reproduce",
    "app.workflows.kit_format.OtherMethodError": "the command reproduce",
    "app.workflows.load_demonstration.NotEmptyError": "the command demo",
    "app.workflows.make_kit.NoKitError": "the job of a kit, which keeps its words for its page",
    "app.workflows.rank_schools.NotRankableError": "the command rank and the job of a ranking",
    "geodata.dump.DumpFailedError": "the command backup",
    "geodata.dump.RestoreFailedError": "the command restore",
    "geodata.readers.grants.GrantReferenceError": "the test of the reference data",
    "geodata.readers.geometry.GeometryError": "the readers, which make a problem of the row of it",
    "app.workflows.wrapped_secrets.SealBrokenError": "the second factor, which takes it for a wrong code",
    "layers.errors.UnknownLayerError": "the command refresh; a form's layer is looked up first",
}
"""Errors that end before they reach a request, and where."""

BASES = {
    "app.exports.exporter.ExportsError",
    "app.workflows.import_options.ImportFailedError",
    "app.workflows.make_official.OfficialListError",
    "app.workflows.save_scheme.SchemesError",
    "geodata.errors.GeodataError",
}
"""Bases that nobody raises themselves; each error below them is looked at on its own."""


def error_classes() -> dict[str, type[BaseException]]:
    found = {}
    for package in (geodata, layers, app):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." in module.name or module.name == "app.wsgi":
                continue
            for name, thing in vars(import_module(module.name)).items():
                is_error = isinstance(thing, type) and issubclass(thing, Exception) and not name.startswith("_")
                if is_error and thing.__module__ == module.name:
                    found[f"{module.name}.{name}"] = thing
    return found


ERRORS = error_classes()


def is_foreseen(error: type[BaseException]) -> bool:
    return any(BY_ERROR.get(kind, UNEXPECTED) is not UNEXPECTED for kind in error.__mro__)


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_has_a_status_or_a_reason_to_have_none(name):
    listed = name in FAULTS or name in ELSEWHERE or name in BASES

    assert is_foreseen(ERRORS[name]) != listed, "give it a status in app/web/problems.py, or say why it has none"


def test_lists_of_exceptions_name_errors_that_exist():
    assert FAULTS | set(ELSEWHERE) | BASES <= set(ERRORS)
    assert len(ERRORS) > 40


def test_bases_are_never_raised():
    names = {name.rpartition(".")[2] for name in BASES}
    raised = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("app", "layers", "geodata")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and getattr(node.exc.func, "id", "") in names
    ]

    assert raised == []


@pytest.mark.parametrize("problem", {problem.name: problem for problem in BY_ERROR.values()}.values(), ids=str)
def test_a_problem_has_a_status_of_an_error_and_says_what_to_do(problem):
    assert 400 <= problem.status < 600
    assert problem.title
    assert problem.remedy


def test_only_one_module_makes_errors_for_programs():
    """Nothing else answers JSON with a status of an error; /readyz, which is no error, names what is missing."""
    makers = {
        str(path.relative_to(ROOT))
        for path in python_files("app/web")
        if any(map(makes_json_error, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    }

    assert makers == {"app/web/errors.py", "app/web/health/routes.py"}


def makes_json_error(node: ast.AST) -> bool:
    """Whether a node sets a status of an error on an answer, or names the media type of errors."""
    if isinstance(node, ast.Constant) and node.value == "application/problem+json":
        return False  # naming it, as the description does, makes none
    if isinstance(node, ast.Assign):
        is_status = any(isinstance(goal, ast.Attribute) and goal.attr == "status_code" for goal in node.targets)
        return is_status and could_be_error(node.value)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "jsonify":
        return bool({keyword.arg for keyword in node.keywords} & {"error", "errors", "message"})
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "abort":
        return any(isinstance(one, ast.Call) for one in node.args[:1])
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        return any(isinstance(part, ast.Constant) and is_error_status(part.value) for part in node.value.elts)
    return False


def could_be_error(value: ast.expr) -> bool:
    constants = [part.value for part in ast.walk(value) if isinstance(part, ast.Constant)]
    return any(map(is_error_status, constants)) or isinstance(value, ast.Attribute)


def is_error_status(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 400 <= value < 600


def python_files(*folders: str) -> list[Path]:
    return [
        path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts
    ]
