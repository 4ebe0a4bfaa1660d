"""What the bytes of a message do not say: which mail address Microsoft knows its writer by."""

from typing import Any

from towerdesk.channels.contract import Account, Incoming
from towerdesk.channels.msteams import api
from towerdesk.channels.msteams.activity import place


def complete(incoming: Incoming, account: Account) -> None:
    """Raises `NotFetched`. Nobody is asked about when no domain is named: then an address would count for nothing."""
    if not _domains(account) or not incoming.conversation or incoming.auto:
        return
    tenant, _, user = incoming.sender.partition(":")
    if tenant and user:
        _know(incoming, api.member(account, incoming.trust.get("way", ""), place(incoming.conversation), user), account)


def _know(incoming: Incoming, member: dict[str, Any], account: Account) -> None:
    """An address counts only of a member of the named directory, and at a domain that an administrator named.

    In a directory of their own anybody may write any address to their name, so others' directories vouch for nothing;
    nor do guests, whose addresses are of elsewhere.
    """
    tenant, _, user = incoming.sender.partition(":")
    incoming.sender_name = str(member.get("name") or incoming.sender_name)
    mail = str(member.get("email") or "").lower()
    theirs = str(member.get("objectId") or member.get("aadObjectId") or "").lower() == user
    named = account.get("tenant").lower()
    home = bool(named) and tenant == named == str(member.get("tenantId") or "").lower()
    guest = "#ext#" in str(member.get("userPrincipalName") or "").lower() or member.get("userRole") in (
        "guest",
        "anonymous",
    )
    if mail:
        incoming.trust = {**incoming.trust, "sentence": f"Signed for by Microsoft, where their address is {mail}."}
    if theirs and home and not guest and mail.rpartition("@")[2] in _domains(account):
        incoming.vouched = mail


def _domains(account: Account) -> list[str]:
    return account.get("domains").lower().replace(",", " ").replace("@", " ").split()
