"""Background jobs: how far they are, what came out."""
