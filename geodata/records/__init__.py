"""Frozen dataclasses that all rooms share; no database."""
