"""Cases made from the OpenAPI document: sent to every operation, answers held against what the document says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from scripts.drills import SEED, Finding, drill
from scripts.drills.place import Place
from scripts.drills.running import Running, running

IMPOSSIBLE = "schemathesis is not installed: pip install -r requirements-dev.txt"
UNREADY = ("/readyz", 503)
"""The one answer above 499 that is meant: what is not ready says so."""

Send = Callable[[Any], Any]
Known = Mapping[str, Mapping[str, Any]]
"""Path of an operation (``""``: of any) -> values that exist, of parameters in its path or query."""


@drill("fuzz", needs="country", times=10, limit_s=400)
def cases(place: Place, times: int) -> Iterator[Finding]:
    """Cases made from the OpenAPI document sent to every operation, as a visitor and with a program's key."""
    if find_spec("schemathesis") is None:
        yield Finding("cases from the OpenAPI document", "nothing", "no fault, answers as described", IMPOSSIBLE, None)
        return
    with running(place) as server:
        for who, headers in (("a visitor", {}), ("a program with a key", {"Authorization": f"Bearer {place.key}"})):
            yield _as_whom(server, who, headers, times)


def _as_whom(server: Running, who: str, headers: dict[str, str], times: int) -> Finding:
    import schemathesis

    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{server.port}/api/v1/openapi.json")
    sent = {"Accept-Encoding": "identity", **headers}
    outcomes = list(fuzz(schema, lambda case: case.call(headers=sent), times, _known(server.place)))
    wrong = [line for outcome in outcomes for line in outcome.lines()]
    number = sum(outcome.cases for outcome in outcomes)
    good = sum(outcome.statuses.get(200, 0) for outcome in outcomes)
    return Finding(
        f"strange requests of {who}",
        f"{number} cases for {len(outcomes)} operations of the API (seed {SEED})",
        "no fault of the server; status, type and shape of each answer as the document says",
        f"{good} found something; " + ("\n".join(wrong[:4]) or "no fault, all as described"),
        bool(outcomes) and not wrong,
    )


def _known(place: Place) -> dict[str, dict[str, Any]]:
    """Return values of parameters that exist on the place."""
    run, edition = place.ask(
        "SELECT hash, edition.code FROM run JOIN standard_edition AS edition ON edition.id = edition_id "
        "WHERE is_published ORDER BY run.id DESC LIMIT 1"
    )[0]
    school = place.value("SELECT code FROM school ORDER BY code LIMIT 1")
    area = place.value("SELECT code FROM area WHERE level = 1 ORDER BY code LIMIT 1")
    shared = {"name": "schools", "feature_id": school, "layer": "schools", "z": 5, "x": 22, "y": 11, "id": 1}
    return {
        "/api/v1/areas/{code}": {"code": area},
        "/api/v1/schools/{code}": {"code": school},
        "/api/v1/standard/editions/{code}": {"code": edition},
        "/api/v1/runs/{hash}": {"hash": run},
        "": {**shared, "run": run, "area": area, "q": "ак-өргө", "hazard": "flood"},
    }


@dataclass
class Outcome:
    """What one operation answered: how many cases by status, and each kind of failure once with its request."""

    operation: str
    cases: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return each failure with a request that repeats it, for people."""
        return [f"{self.operation}: {what} <- {request}" for what, request in self.failures.items()]


def fuzz(schema: Any, send: Send, cases: int, known: Known | None = None) -> Iterator[Outcome]:
    """Send ``cases`` cases to every operation of ``schema`` and yield what came back; the cases are always the same.

    Args:
        schema: A schema of the package schemathesis.
        send: Sends one case and returns the answer.
        known: Values that exist: two of three cases take them, or every case would miss.
    """
    for found in schema.get_all_operations():
        operation = found.ok()
        values = {**(known or {}).get("", {}), **(known or {}).get(operation.path, {})}
        yield _fuzz_operation(operation, send, cases, values)


def _fuzz_operation(operation: Any, send: Send, cases: int, known: Mapping[str, Any]) -> Outcome:
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as some

    outcome = Outcome(operation.label)

    @seed(SEED)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_cases(operation), third=some.integers(0, 2))
    def one(case: Any, third: int) -> None:
        if third:
            for given_values in (case.path_parameters, case.query):
                given_values.update({name: known[name] for name in given_values if name in known})
        answer = send(case)
        outcome.cases += 1
        outcome.statuses[answer.status_code] = outcome.statuses.get(answer.status_code, 0) + 1
        for failure in _failures(case, answer):
            outcome.failures.setdefault(failure, case.as_curl_command())

    one()
    return outcome


def _cases(operation: Any) -> Any:
    """Return cases that fit the document, and where there is something to spoil, cases that do not."""
    from hypothesis import strategies as some
    from schemathesis import GenerationMode

    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not any(True for _ in operation.iter_parameters()) and not operation.body:
        return fitting
    return some.one_of(fitting, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))


def _failures(case: Any, answer: Any) -> Iterator[str]:
    """Yield what is wrong with an answer: a fault of the server, or a shape that the document does not have."""
    from schemathesis import checks
    from schemathesis.core.failures import Failure, FailureGroup

    if answer.status_code >= 500 and (case.path, answer.status_code) != UNREADY:
        yield f"{answer.status_code}: {answer.text[:300]}"
        return
    shapes = [
        checks.CHECKS.get_one(name)
        for name in ("status_code_conformance", "content_type_conformance", "response_schema_conformance")
    ]
    try:
        case.validate_response(answer, checks=shapes)
    except FailureGroup as group:
        yield from (" ".join(str(one).split())[:300] for one in group.exceptions)
    except Failure as failure:
        yield " ".join(str(failure).split())[:300]
