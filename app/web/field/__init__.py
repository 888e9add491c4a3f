"""Collecting in the field: forms to take along, forms that came back, and the servers that they come from."""
