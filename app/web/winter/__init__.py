"""Winter readiness of schools and areas, by requirements that ship as data."""
