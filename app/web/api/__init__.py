"""JSON for programs: reading, and the checked import."""
