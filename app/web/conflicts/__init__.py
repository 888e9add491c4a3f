"""Sources of one hazard that disagree, and which one was decided to count."""
