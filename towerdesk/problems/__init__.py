"""Many with one trouble: surges, bugs and their issues, who is told once each, and banners."""
