"""Verification of assessments: what waits, and one assessment beside what was found before."""
