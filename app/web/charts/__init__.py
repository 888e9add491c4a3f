"""Charts drawn on the server as SVG: presentation attributes only, each beside the numbers that it shows."""
