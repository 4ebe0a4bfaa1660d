"""Does this form look as if a machine filled it in? Each reason is a sentence; whoever it is, it is kept and can be taken in."""

from dataclasses import dataclass
from datetime import timedelta

from towerdesk.channels.webform.drawn import Drawn, worth
from towerdesk.intake.webform_rates import Rates, bits_for

AT_LEAST = timedelta(seconds=3)
"""Nobody reads a form, writes two sentences and an address in less."""
AT_MOST = timedelta(days=3)
WITHOUT_WORK = timedelta(seconds=15)
MOST_WITHOUT_WORK = 3
"""Browsers without scripts can't do the work: a network may send so many an hour, not quite so quickly."""
MOST_PER_NETWORK = 20
MOST_PER_SENDER = 6
NONE_ABOVE = 60
"""A network from which more than this came within the hour is asked to come back later: nothing of it is kept."""
SLACK = 2
"""Bits by which a page asks for more than is needed now, since others of the same network may send meanwhile."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What came along with a form beside its answers."""

    drawn: Drawn | None
    proof: str = ""
    trap: str = ""  # a field that people don't see

    def is_proven(self, rates: Rates) -> bool:
        return self.drawn is not None and worth(self.drawn, self.proof) >= bits_for(rates.highest)


def why_suspect(signs: Signs, rates: Rates, network: str, sender: str) -> str:
    """Empty when nothing speaks against it."""
    drawn = signs.drawn
    if signs.trap:
        return "A field was filled in that people do not see."
    if drawn is None:
        return "It did not come from a page that we gave out."
    if drawn.age < AT_LEAST:
        return f"It was sent {max(0, int(drawn.age.total_seconds()))} s after the page was drawn: nobody writes so quickly."
    if drawn.age > AT_MOST:
        return f"Its page was drawn {drawn.age.days} days before it was sent."
    if rates.network >= MOST_PER_NETWORK:
        return f"More than {MOST_PER_NETWORK} forms came from the network {network} within an hour."
    if rates.sender >= MOST_PER_SENDER:
        return f"More than {MOST_PER_SENDER} forms came with the address {sender} within an hour."
    if not signs.is_proven(rates):
        return _unproven(drawn, rates)
    return ""


def _unproven(drawn: Drawn, rates: Rates) -> str:
    if drawn.age < WITHOUT_WORK:
        return f"Its browser did no work for it, and it was sent {int(drawn.age.total_seconds())} s after the page was drawn."
    if rates.unproven >= MOST_WITHOUT_WORK:
        return (
            f"Its browser did no work for it, and {MOST_WITHOUT_WORK} such forms came from its network within the hour."
        )
    return ""
