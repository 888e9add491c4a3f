"""Hazard layers: manifest, sampling, classes, legend."""
