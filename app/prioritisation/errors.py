"""Errors of the prioritisation room."""


class PrioritisationError(Exception):
    """Base of every error this room raises."""


class InvalidSchemeError(PrioritisationError):
    """A scheme's weights do not sum to 1, leave their bounds, or name a factor that nobody computes."""


class UnknownSchemeError(PrioritisationError):
    """There is no scheme of that name."""


class TooManyDrawsError(PrioritisationError):
    """More draws of more schools than memory holds."""
