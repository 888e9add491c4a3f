"""Areas of every level: their figures, schools, units below, history and peers."""
