"""The demo company: what it knows, and the people who write to it.

`company/` holds data only (company.toml, articles, phrases); `facts.py` reads it. `traffic.py` invents believable
requests from a seed, `strays.py` the mail that is no request, `mails.py` turns both into RFC 5322 bytes,
`colleagues.py` says what agents answer and note, `arrivals.py` when it all comes in. Pure Python: nothing here knows
tickets, Django or a network.
"""
