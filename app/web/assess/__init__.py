"""A school answers the standard: list, assessment, one domain a page, evidence."""
