"""Values at points, one module per kind of layer."""
