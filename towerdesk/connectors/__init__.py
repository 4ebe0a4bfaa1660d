"""Tools in other systems: what may be called there, with which values, how often, and the journal of every call."""
