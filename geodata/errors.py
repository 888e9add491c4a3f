"""Errors of the data room, one line each; status codes are the web's business."""


class GeodataError(Exception):
    """Base of every error this room raises."""


class DatabaseUnreachableError(GeodataError):
    """The database did not answer."""


class MigrationsPendingError(GeodataError):
    """The database is behind the code; run the migrations."""
