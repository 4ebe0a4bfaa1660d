"""Tools that know nothing of tickets: actors, errors, time, text, safe HTML, the one way out by HTTP."""
