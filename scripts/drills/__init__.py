"""Long checks, one module a subject; each prints its outcome as JSON lines."""
