"""A model of the desk in which the assistant's real decisions take part."""
