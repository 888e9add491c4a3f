"""Files to raw tables, without judgement."""
