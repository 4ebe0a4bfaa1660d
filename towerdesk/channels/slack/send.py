"""A reply into its thread, and a question with buttons to whoever decides."""

from typing import Any

from towerdesk.channels.contract import Account, Decision, FateUnknown, NotSent, Outgoing, Sent
from towerdesk.channels.slack import api
from towerdesk.channels.slack.mrkdwn import cut, escape, to_mrkdwn
from towerdesk.channels.slack.read import DECIDED

NO_TOKEN = "The bot token is missing: connect the inbox under Settings → Inboxes."  # noqa: S105 - a sentence
LONGEST_SECTION = 3000  # characters of a section block


def send(outgoing: Outgoing) -> Sent:
    """Files are handed over before anything is said, and shown after the words: what fails in between left nothing behind."""
    account = outgoing.account
    if account is None:
        raise NotSent(NO_TOKEN, later=True)
    channel, _, above = (outgoing.conversation or _direct(outgoing)).partition(":")
    uploaded = [{"id": api.upload(account, file), "title": file.name} for file in outgoing.files]
    first: dict[str, Any] = {}
    try:
        for text in cut(to_mrkdwn(outgoing.text)):
            told = _post(account, channel, above, text, outgoing.sender_name)
            first = first or told
        if uploaded:
            _show(account, str(first.get("channel") or channel), above, uploaded)
    except NotSent as error:
        if not first:
            raise
        raise FateUnknown(f"Only a part of it went out: {error}") from None
    return Sent("taken", id=f"{first.get('channel') or channel}:{first.get('ts', '')}")


def ask(to: str, decision: Decision, account: Account) -> None:
    """By a direct message; whoever `to` names must be in the workspace of this account."""
    value = {"value": decision.token}
    yes, no = (action for action in DECIDED)
    buttons = [
        {"type": "button", "style": "primary", "action_id": yes, "text": _plain("Yes"), **value},
        {"type": "button", "style": "danger", "action_id": no, "text": _plain("No"), **value},
        {"type": "button", "action_id": "towerdesk_link", "text": _plain("Look at it"), "url": decision.link},
    ]
    text = escape(decision.text)
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text[:LONGEST_SECTION]}}
    blocks = [section, {"type": "actions", "elements": buttons}]
    api.ask(account, "chat.postMessage", channel=to.partition(":")[2], text=text, blocks=blocks)


def _direct(outgoing: Outgoing) -> str:
    """Without a conversation it goes to the person: `TEAM:USER`."""
    user = next(iter(outgoing.to), "").partition(":")[2]
    if not user:
        raise NotSent("Nobody at Slack is known to write to.", later=False)
    return user


def _post(account: Account, channel: str, above: str, text: str, name: str) -> dict[str, Any]:
    values: dict[str, Any] = {"channel": channel, "text": text, "unfurl_links": False, "unfurl_media": False}
    values |= {"thread_ts": above} if above else {}
    values |= {"username": name[:80]} if name else {}
    return api.ask(account, "chat.postMessage", **values)


def _show(account: Account, channel: str, above: str, files: list[dict[str, str]]) -> None:
    where = {"channel_id": channel} | ({"thread_ts": above} if above else {})
    api.ask(account, "files.completeUploadExternal", files=files, **where)


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}
