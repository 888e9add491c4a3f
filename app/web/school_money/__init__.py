"""Money as one school sees it: what can be done, what it costs, whether a plan pays for it, and who says so."""
