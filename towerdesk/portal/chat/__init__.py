"""The chat's public side: the script for any site, what it calls, and the stream that it listens to."""
