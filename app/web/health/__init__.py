"""Health: alive, ready, measured."""
