"""One user-visible job a module: one transaction from start to end."""
