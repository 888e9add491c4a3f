"""Money: what a budget buys, and the plans that were made."""
