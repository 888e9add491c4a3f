"""Hazard curve, fragility, loss and casualties (pure, arrays in and out)."""
