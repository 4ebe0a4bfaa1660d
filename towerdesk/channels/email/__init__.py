"""E-mail: bytes in become a `Mail`, a reply becomes bytes out. Knows nothing of tickets."""
