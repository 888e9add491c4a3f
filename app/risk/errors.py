"""Errors of the risk room."""


class RiskError(Exception):
    """Base of every error this room raises."""


class MissingParameterError(RiskError):
    """A parameter that the method names is in no table."""


class InvalidHazardCurveError(RiskError):
    """A hazard curve does not fall, or has fewer than two points."""


class UnknownMeasureError(RiskError):
    """The table of effects names something that the engine does not know."""


class UnknownBuildingTypeError(RiskError):
    """A building type is in no parameter table."""


class InvalidParameterError(RiskError):
    """A parameter table says what cannot be: medians out of order, weights that do not sum to 1, negative rates."""
