"""The edition of the standard in force."""
