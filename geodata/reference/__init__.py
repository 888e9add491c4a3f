"""Small tables that ship with the project, with their provenance."""
