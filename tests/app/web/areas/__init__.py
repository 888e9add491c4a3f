"""Tests of the pages of areas."""
