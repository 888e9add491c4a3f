"""One module per file format, each declaring EXPORTER."""
