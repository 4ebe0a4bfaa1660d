"""The doors that requests come in by and replies leave by: one contract, one folder per provider, and the inboxes."""
