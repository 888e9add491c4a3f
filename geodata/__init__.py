"""Data: what a school is, where it comes from, where it is kept."""
