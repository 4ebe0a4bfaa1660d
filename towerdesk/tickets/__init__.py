"""The heart: tickets and their messages, one file per verb, the condition language, and who may see what."""
