"""The people who write to us: one person, many addresses, perhaps an organisation."""
