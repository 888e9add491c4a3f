"""What administrators do: accounts, their roles and their links."""
