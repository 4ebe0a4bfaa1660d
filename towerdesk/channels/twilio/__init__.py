"""What Twilio's channels share: its signature, its REST API, its error codes, and text messages with their fate."""
