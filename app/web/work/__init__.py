"""What waits for an officer: doubtful locations."""
