"""Begin a call whose values were checked: foresee it, claim it, make it."""

from towerdesk.connectors.carry_out import carry_out
from towerdesk.connectors.claim import Asked, claim, the_same
from towerdesk.connectors.contract import NotDone, Preview
from towerdesk.connectors.given import Checked
from towerdesk.connectors.models import Call
from towerdesk.connectors.outcome import never_left
from towerdesk.connectors.registry import Wired
from towerdesk.lib.errors import Invalid

LONGEST_KEY = 200


def begin(wired: Wired, found: Checked, asked: Asked) -> Call:
    """The same key is one call; its state is one of those that `use` names."""
    if not asked.key or len(asked.key) > LONGEST_KEY:
        raise Invalid(f"A call needs a key of at most {LONGEST_KEY} characters.")
    earlier = Call.objects.filter(key=asked.key).first()
    if earlier and not earlier.again:
        return the_same(earlier, wired, found, asked)
    try:
        preview = _foreseen(wired, found)
    except NotDone as error:
        return never_left(wired, found, asked, error)
    mine = claim(wired, found, asked, preview)
    return carry_out(mine.call, wired, by=asked.by) if mine.mine else mine.call


def _foreseen(wired: Wired, found: Checked) -> Preview:
    """For the journal and for whoever approves; what reads is simply read."""
    return Preview(wired.spec.title) if wired.spec.effect == "read" else wired.tool.preview(found.arguments)
