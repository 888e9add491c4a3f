"""What a scenario of an earthquake cannot do, told by its words."""

from __future__ import annotations


class ScenarioError(Exception):
    """Base of what a scenario cannot do."""


class UnknownScenarioError(ScenarioError):
    """There is no event or scenario of that code."""


class ScenarioCodeError(ScenarioError):
    """The code cannot stand in an address: it has other signs than Latin letters, digits and hyphens."""


class NothingShakenError(ScenarioError):
    """No school lies inside the footprint."""


class WeaklyShakenError(NothingShakenError):
    """Schools lie inside the footprint, and none is shaken as strongly as the least that is counted.

    ``schools``: how many; ``strongest`` and ``least``: the strongest shaking of a school and the least one, MSK.
    """

    def __init__(self, schools: int, strongest: float, least: float) -> None:
        super().__init__(
            f"{schools} schools lie inside the footprint, and none is shaken by {least:g} MSK or more: the strongest "
            f"shaking at a school is {strongest:.1f} MSK. Nothing is computed below {least:g} MSK; check the unit of "
            "the file if you expected more"
        )
        self.schools, self.strongest, self.least = schools, strongest, least


class ScenarioExistsError(ScenarioError):
    """A scenario of that code stands already; scenarios never change."""
