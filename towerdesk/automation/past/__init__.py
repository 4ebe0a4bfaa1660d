"""Yesterday's tickets: as they were at a moment, what rules did on them, and what a new rule would have done."""
