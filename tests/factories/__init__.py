"""One factory per model, sensible defaults."""
