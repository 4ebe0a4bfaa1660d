"""The database as Django talks to it (`ENGINE` in the settings)."""
