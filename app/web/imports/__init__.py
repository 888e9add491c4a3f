"""The import wizard: a file, its columns, its report, the decision, and the way back."""
