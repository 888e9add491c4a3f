"""Which schools to survey before any other."""
