"""The ranked list and the runs that it comes from."""
