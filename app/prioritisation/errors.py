"""Errors of the prioritisation room."""


class PrioritisationError(Exception):
    """Base of every error this room raises."""


class InvalidSchemeError(PrioritisationError):
    """A scheme's weights do not sum to 1, leave their bounds, or name a factor that nobody computes."""


class UnknownSchemeError(PrioritisationError):
    """There is no scheme of that name."""


class AmbiguousSchemeError(PrioritisationError):
    """Several schemes bear the name; ``codes`` tell them apart."""

    def __init__(self, name: str, codes: tuple[str, ...]) -> None:
        super().__init__(f"several schemes are called {name!r}; name one by its code: {', '.join(codes)}")
        self.codes = codes


class TooManyDrawsError(PrioritisationError):
    """More draws of more schools than memory holds."""
