"""Changing facts: edit forms, the review of a change, and what waits for whom."""
