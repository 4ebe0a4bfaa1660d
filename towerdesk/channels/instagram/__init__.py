"""Instagram: talks with a professional account, and comments under its posts (Meta's Instagram Platform)."""
