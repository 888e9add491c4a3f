"""Cases made from the OpenAPI document: sent to every operation, answers held against what the document says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SEED = 20_261_125
UNREADY = ("/readyz", 503)
"""The one answer above 499 that is meant: what is not ready says so."""

Send = Callable[[Any], Any]
Known = Mapping[str, Mapping[str, Any]]
"""Path of an operation (``""``: of any) -> values that exist, of parameters in its path or query."""


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
