"""Does a call wait for a person, and who may say yes to it?"""

from decimal import Decimal

from towerdesk.connectors.models import Call, ToolSetting
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Refused

ALONE = ("assistant", "rule", "clock", "key")
"""Who acts without a person at the moment."""


APPROVED = "approved:"
"""Before the name of a person whose word stands for any other warrant, also when the same call is tried once more."""


def why_it_waits(setting: ToolSetting, effect: str, amount: Decimal | None, *, by: Actor, warrant: str = "") -> str:
    """Empty when it needs nobody's word. `warrant` is what the caller vouches for, such as a licence."""
    if effect == "read" or warrant.startswith(APPROVED):
        return ""
    if setting.approval == "always":
        return "a second person approves each of these"
    if setting.approve_above is not None and by.kind in ALONE and (amount or Decimal(0)) > setting.approve_above:
        return f"a person approves what is above {setting.approve_above}"
    if setting.approval == "automatic" and by.kind in ALONE:
        return "a person approves what the desk wants to do by itself"
    if setting.approval == "unlicensed" and by.kind in ALONE and not warrant:
        return "no licence covers this, so a person approves it"
    return ""


def must_be_approver(call: Call, setting: ToolSetting, by: Actor) -> None:
    by.must("tool.approve" if setting.approver == "agent" else "tool.approve_all")
    if by.kind != "agent":
        raise Refused("Only a person can approve this.")
    if setting.approval == "always" and (call.by_kind, call.by_id) == ("agent", by.id):
        raise Refused("This needs a second person: somebody else must approve what you asked for.")
