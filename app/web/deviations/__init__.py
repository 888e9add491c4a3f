"""Funded projects: the public log of what was funded out of the order of the list, and its entry."""
