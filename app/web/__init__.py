"""HTTP: pages, tiles, API."""
