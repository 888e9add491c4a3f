"""Factors, schemes, index and ranks (pure)."""
