"""The method page: formulas and numbers from the code's own tables."""
