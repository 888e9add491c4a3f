"""Scenario events: what one earthquake would do to the schools."""
