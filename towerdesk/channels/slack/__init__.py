"""Slack: threads and direct messages, by the Events API and the Web API. Knows nothing of tickets."""
