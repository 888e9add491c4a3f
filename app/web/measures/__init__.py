"""The catalogue of measures: what each costs, where that comes from, and what it makes pass."""
