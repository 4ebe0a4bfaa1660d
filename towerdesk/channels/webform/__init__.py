"""Forms on the web: the page somebody was given, the work their browser did, and the bytes that they sent."""
