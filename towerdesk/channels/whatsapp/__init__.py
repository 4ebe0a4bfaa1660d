"""WhatsApp by Meta's Cloud API: messages, media, statuses, the 24-hour window and its templates."""
