"""X: direct messages and public posts to an account, by the Account Activity API (docs.x.com)."""
