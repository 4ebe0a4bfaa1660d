"""A person's leave to use their mailbox at Gmail or Microsoft 365 (OAuth2): asked for, kept sealed, renewed by itself."""
