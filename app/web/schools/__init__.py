"""Schools: the passport of one, and why it stands where it stands."""
