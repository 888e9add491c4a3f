"""The quality of what is known, by territory."""
