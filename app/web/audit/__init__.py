"""The audit for auditors: what was changed, by whom, when, from which request and why."""
