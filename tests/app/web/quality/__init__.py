"""Tests of the pages of data quality."""
