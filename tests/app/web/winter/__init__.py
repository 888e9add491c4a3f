"""Tests of the page of winter readiness."""
