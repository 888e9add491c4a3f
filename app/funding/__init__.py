"""Funding: what measures buy, and the best set of them for a budget under the rules of fairness (method 9-12)."""
