"""The map: filters, layers, linked list, one school or area."""
