"""Tests of the pages of scenario events."""
