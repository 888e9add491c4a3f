"""What can go wrong while somebody assesses, told by its kind."""

from __future__ import annotations

from geodata.records.assessing import GivenAnswer
from geodata.records.survey import Survey
from geodata.records.table import RowProblem


class AssessError(Exception):
    """Base of every error of assessing."""


class UnknownVisitError(AssessError):
    """There is no such assessment, or it is not for who asks."""


class NotOpenError(AssessError):
    """The assessment was submitted or published: it is not answered any more."""


class NotYoursError(AssessError):
    """The right is not held at this school."""


class NoEditionError(AssessError):
    """There is no edition of the standard to assess with."""


class NothingAnsweredError(AssessError):
    """An assessment without any answer is not submitted."""


class NotCertifiedError(AssessError):
    """Surveys of buildings are handed over by engineers whose certificate is valid that day."""


class SurveyRefusedError(AssessError):
    """Values of a survey that cannot be: ``problems`` by field, as the importer tells them; nothing was written."""

    def __init__(self, problems: dict[str, list[RowProblem]]) -> None:
        """Keep them."""
        super().__init__(", ".join(problems))
        self.problems = problems


class SurveyConflictError(AssessError):
    """The survey was changed meanwhile, on another device: ``now`` is what stands; nothing was written."""

    def __init__(self, now: Survey) -> None:
        """Keep what stands."""
        super().__init__("surveyed meanwhile")
        self.now = now


class RefusedAnswerError(AssessError):
    """What was sent is not an answer to this question: why (a code), in which field, and what it said."""

    def __init__(self, code: str, field: str = "", value: str = "", limits: dict[str, str] | None = None) -> None:
        """Keep them; ``limits`` are what the message names besides."""
        super().__init__(code)
        self.code, self.field, self.value, self.limits = code, field, value[:200], limits or {}


class AnswerConflictError(AssessError):
    """Somebody answered meanwhile: ``now`` is what stands (None: nothing any more); nothing was written."""

    def __init__(self, now: GivenAnswer | None, by: str | None = None) -> None:
        """Keep what stands, and who said so."""
        super().__init__("answered meanwhile")
        self.now, self.by = now, by
