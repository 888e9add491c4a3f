"""What can go wrong with a revision, told by its kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that somebody else changed meanwhile: its texts then, now, and as this person wants it."""

    name: str
    then: str
    now: str
    mine: str


class RevisionError(Exception):
    """Base of every error of revisions."""


class UnknownRevisionError(RevisionError):
    """There is no such revision, or it is not for who asks."""


class OutsideTerritoryError(RevisionError):
    """The right is not held at this school."""


class OwnChangeError(RevisionError):
    """One's own change is for others to verify and to publish."""


class WrongStepError(RevisionError):
    """The revision is not where this step starts: somebody else took one meanwhile."""


class ReasonNeededError(RevisionError):
    """The step needs a reason."""


class IncompleteDraftError(RevisionError):
    """The draft lacks ``fields`` (changes, source, dated or reason)."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        """Keep the names."""
        super().__init__(", ".join(fields))
        self.fields = fields


class PointUnderWayError(RevisionError):
    """Another change of the same school's point, ``number``, is submitted and not decided yet."""

    def __init__(self, number: int) -> None:
        """Keep the number of the change that comes first."""
        super().__init__(str(number))
        self.number = number


class RecordChangedError(RevisionError):
    """The record is no longer what the revision was drafted from, or the page showed; nothing was written."""

    def __init__(self, conflicts: tuple[Conflict, ...] = ()) -> None:
        """Keep the fields in which both disagree."""
        super().__init__(", ".join(conflict.name for conflict in conflicts))
        self.conflicts = conflicts
