"""What Meta's channels have in common: signed calls, the Graph API and its errors, windows of time, talks."""
