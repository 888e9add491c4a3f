"""Numbers that were stated, beside each other and beside our own count."""
