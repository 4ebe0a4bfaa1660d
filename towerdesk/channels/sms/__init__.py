"""Text and picture messages by Twilio: signed form posts in, a REST call out, and the words that end it all."""
