"""What the bytes of a message do not say: how its writer and those whom it mentions are called, where a command is answered."""

from typing import Any

from towerdesk.channels.contract import Account, Incoming, NotFetched
from towerdesk.channels.slack import api
from towerdesk.channels.slack.mrkdwn import users_in, with_names


def complete(incoming: Incoming, account: Account) -> None:
    """Raises `NotFetched`, unless it is only for the name of somebody who is mentioned."""
    user = incoming.sender.partition(":")[2]
    if user[:1] in ("U", "W"):
        _know(incoming, api.user(account, user), account)
    if incoming.external_id.startswith("command:") and not incoming.conversation:
        told = api.asked(account, "conversations.open", users=user)
        incoming.conversation = str(told["channel"]["id"])
    names = {one: _name(account, one) for one in users_in(f"{incoming.text} {incoming.visible}")}
    incoming.text, incoming.visible = with_names(incoming.text, names), with_names(incoming.visible, names)


def _know(incoming: Incoming, user: dict[str, Any], account: Account) -> None:
    """A confirmed address is a hint; it counts only when an administrator named its domain, and never of a stranger."""
    profile = user.get("profile") or {}
    incoming.sender_name = str(profile.get("real_name") or user.get("real_name") or user.get("name") or "")
    if user.get("is_bot"):
        incoming.auto, incoming.why_auto = "bulk", "A bot wrote it."
    mail = str(profile.get("email") or "").lower()
    confirmed = user.get("is_email_confirmed") is True and not user.get("is_stranger")
    if mail:
        incoming.trust = {**incoming.trust, "sentence": f"Signed for by Slack, where their address is {mail}."}
    domains = account.get("domains").lower().replace(",", " ").replace("@", " ").split()
    if confirmed and mail.rpartition("@")[2] in domains and user.get("team_id") == incoming.sender.partition(":")[0]:
        incoming.vouched = mail


def _name(account: Account, user: str) -> str:
    """Of somebody who is mentioned; empty when it can't be had."""
    try:
        found = api.user(account, user)
    except NotFetched:
        return ""
    profile = found.get("profile") or {}
    return str(profile.get("display_name") or profile.get("real_name") or found.get("name") or "")
