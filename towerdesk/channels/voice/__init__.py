"""The telephone by Twilio: calls are answered, taken down or passed on, voicemail is kept, and people are rung back."""
