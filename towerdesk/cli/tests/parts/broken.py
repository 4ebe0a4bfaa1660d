"""Ends at once, as with a wrong setting."""

import sys

sys.exit("TOWERDESK_LLM is “nonsense”: name a provider and a model.")
