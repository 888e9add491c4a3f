"""Mark strings for translation in rooms that must not know Flask."""


def N_(message: str) -> str:  # noqa: N802  the gettext convention's own name
    """Return ``message`` unchanged; the extractor finds it here, the page translates it."""
    return message
