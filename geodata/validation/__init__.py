"""Raw tables to records and problems."""
