"""What can be wrong with money: named, so that people are told which figure to correct."""

from __future__ import annotations


class FundingError(Exception):
    """Base of every error of this room."""


class NegativeMoneyError(FundingError):
    """A cost, budget, floor or ceiling is below zero, or a cost is zero (then it needs no budget)."""

    def __init__(self, what: str, position: int, value: int) -> None:
        super().__init__(f"{what} at position {position} is {value} som")
        self.what, self.position, self.value = what, position, value


class FloorsAboveBudgetError(FundingError):
    """The floors together ask for more than there is."""

    def __init__(self, floors_som: int, budget_som: int) -> None:
        super().__init__(f"the floors ask for {floors_som} som, the budget is {budget_som} som")
        self.floors_som, self.budget_som = floors_som, budget_som


class CrossedLimitsError(FundingError):
    """The floor of a region is above its ceiling."""

    def __init__(self, region: int, floor_som: int, ceiling_som: int) -> None:
        super().__init__(f"region {region}: floor {floor_som} som, ceiling {ceiling_som} som")
        self.region, self.floor_som, self.ceiling_som = region, floor_som, ceiling_som


class InfeasibleError(FundingError):
    """No plan keeps all the rules. ``conflict`` is a smallest set of rules that cannot be kept together."""

    def __init__(self, conflict: tuple[str, ...]) -> None:
        super().__init__("these rules cannot be kept together: " + ", ".join(conflict))
        self.conflict = conflict


class SolverStoppedError(FundingError):
    """The solver ended without any plan: time was out before it found one."""


class EnvelopeError(FundingError):
    """An envelope cannot be: ``what`` is source, money, years, tied, tied twice or unpaid; ``value`` stood there."""

    def __init__(self, what: str, value: str) -> None:
        super().__init__(f"envelope: {what} {value!r}")
        self.what, self.value = what, value


class CatalogueError(Exception):
    """A table of the catalogue names something that no other table knows; a fault of our own tables."""

    def __init__(self, what: str, value: str) -> None:
        super().__init__(f"{what}: {value!r} is not known")
