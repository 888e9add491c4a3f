"""Campaigns of assessment: who visits which schools until when, and what came of it."""
