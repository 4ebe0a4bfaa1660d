"""What the assistant could not do, why, what it costs, and a draft that would change it."""
