"""All SQL, one subject a file."""
