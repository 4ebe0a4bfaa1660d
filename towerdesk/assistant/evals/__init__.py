"""Measure the assistant's parts on data of one's own: how well intents are told apart, how well articles are found."""
