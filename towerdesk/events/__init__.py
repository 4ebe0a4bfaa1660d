"""The one append-only log. Every change writes one event; timeline, audit, live screens, jobs and metrics read it."""
