"""Weights moved by hand: the list under them, schemes that people keep, and schemes side by side."""
