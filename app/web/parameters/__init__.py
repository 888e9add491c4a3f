"""Every parameter table of the method in the open: rows with status and source, and the file itself."""
