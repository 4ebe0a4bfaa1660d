"""What arrives: stored as bytes first, then read, threaded, cleaned and accepted. Three doors, one path."""
