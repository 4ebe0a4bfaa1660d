"""Who gets a ticket: by route, skill, language, load, turn and who knows the customer. Nothing is ever unowned."""
