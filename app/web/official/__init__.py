"""The official list: decisions, differences, checks of a printed hash, kits."""
