"""Errors of the assessment room."""


class AssessmentError(Exception):
    """Base of every error this room raises."""


class InvalidStandardError(AssessmentError):
    """An edition has no criterion, a weight that is not positive, or a cap outside 0..100."""


class InvalidSampleError(AssessmentError):
    """A sample of fewer than one school was asked for."""
