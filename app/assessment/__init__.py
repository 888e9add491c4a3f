"""Rules of the standard: answers, scores, grades (pure)."""
