"""Tests of the pages of verification."""
