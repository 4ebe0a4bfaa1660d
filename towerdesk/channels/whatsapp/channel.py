"""WhatsApp as a channel: its hook, its messages, its replies within the window and by template."""

from collections.abc import Sequence
from typing import Any

from towerdesk.channels.calling import Upload
from towerdesk.channels.contract import (
    Account,
    FateUnknown,
    Incoming,
    Lately,
    NotSent,
    Outgoing,
    Remote,
    Sent,
    Terms,
)
from towerdesk.channels.cut import cut
from towerdesk.channels.doors import Call, Field, Heard, Step
from towerdesk.channels.fetched import Fetched
from towerdesk.channels.meta import hook
from towerdesk.channels.meta.window import is_open
from towerdesk.channels.whatsapp import api
from towerdesk.channels.whatsapp.pieces import pieces
from towerdesk.channels.whatsapp.read import PART, read
from towerdesk.channels.whatsapp.templates import Template, filled, templates
from towerdesk.channels.whatsapp.window import terms

LONGEST, LONGEST_CAPTION = 4096, 1024
NO_ACCOUNT = "The access token is missing: connect the inbox under Settings → Inboxes."
KINDS = {"image/jpeg": "image", "image/png": "image", "video/mp4": "video", "audio/mpeg": "audio", "audio/ogg": "audio"}
"""What is shown as what it is; everything else is a document."""
TEMPLATES = "One a line, as approved at Meta: `order_news/en: Hello {{1}}, there is news: {{2}}`. \\n is a new line."


class WhatsAppChannel:
    name = "whatsapp"
    identity = "phone"
    title = "WhatsApp"
    fields: Sequence[Field] = (
        Field("number", "Phone number ID", "Shown at Meta under WhatsApp → API Setup; not the number itself."),
        Field(
            "token", "Access token", "Of a system user, with whatsapp_business_messaging; without an end.", secret=True
        ),
        Field("secret", "App secret", "Shown at Meta under App settings → Basic: it signs every call.", secret=True),
        Field("verify", "Verify token", "Meta asks for it once.", secret=True, made=True),
        Field("templates", "Templates", TEMPLATES, needed=False, lines=True),
        Field("server", "Graph API address", f"Only to change the version; empty: {api.SERVER}.", needed=False),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("At developers.facebook.com make an app of the type Business and add WhatsApp to it."),
            Step("Enter the phone number ID, the access token and the app secret here and connect."),
            Step("Under WhatsApp → Configuration, edit the webhook. Callback URL:", account.hook),
            Step("Verify token:", account.get("verify")),
            Step("There, subscribe to this field; to others as you like, they are kept and shown.", "messages"),
            Step("Write to the number from a telephone: the message is here within seconds."),
        )

    def introduce(self, account: Account) -> str:
        return f"Connected to {api.introduce(account)}. Now follow the steps at Meta."

    def check(self, call: Call, account: Account) -> None:
        hook.check(call, account)

    def hear(self, call: Call, account: Account) -> Heard:
        return hook.hear(call, pieces)

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return read(content, str((envelope.get("account") or {}).get("number") or ""))

    def fetch(self, file: Remote, account: Account) -> Fetched:
        return Fetched(file.name, file.type, api.fetch(account, file.ref))

    def ready(self, account: Account | None = None) -> str:
        return "" if account and account.get("token") and account.get("number") else NO_ACCOUNT

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def terms(self, lately: Lately, account: Account) -> Terms:
        return terms(lately, templates(account.get("templates")))

    def refuses(self, text: str, lately: Lately, account: Account) -> str:
        if is_open(lately) or filled(text, templates(account.get("templates"))):
            return ""
        return self.terms(lately, account).sentence

    def send(self, outgoing: Outgoing) -> Sent:
        """In as few messages as it takes. Every part but the last carries a mark, so that its statuses are known apart."""
        account = outgoing.account
        if account is None:
            raise NotSent(NO_ACCOUNT, later=True)
        whom, parts = _whom(outgoing), _parts(outgoing, account, templates(account.get("templates")))
        id_ = ""
        for number, part in enumerate(parts, start=1):
            mark = {"biz_opaque_callback_data": PART} if number < len(parts) else {}
            quoting = _quoting(outgoing) if number == 1 else {}
            try:
                id_ = api.send(account, {**whom, **quoting, **part, **mark})
            except NotSent as error:
                if number == 1:
                    raise
                raise FateUnknown(f"Only the first {number - 1} of its parts went out: {error}") from None
        return Sent("taken", id=id_)


def _whom(outgoing: Outgoing) -> dict[str, str]:
    """Those who show no number are reached by WhatsApp's id of them."""
    to = outgoing.conversation or next(iter(outgoing.to), "").lstrip("+")
    if to.startswith("group:"):
        return {"recipient_type": "group", "to": to.removeprefix("group:")}
    return {"recipient_type": "individual", ("to" if to.isdecimal() else "recipient"): to}


def _quoting(outgoing: Outgoing) -> dict[str, Any]:
    """What is answered is quoted when it came by WhatsApp."""
    return {"context": {"message_id": outgoing.answers}} if outgoing.answers.startswith("wamid.") else {}


def _parts(outgoing: Outgoing, account: Account, known: Sequence[Template]) -> list[dict[str, Any]]:
    if not is_open(outgoing.lately):
        return [_by_template(outgoing, known)]
    files: list[Upload] = [(file.name, file.content, file.type) for file in outgoing.files]
    media = [_media(file, api.upload(account, file)) for file in files]
    if len(media) == 1 and len(outgoing.text) <= LONGEST_CAPTION and media[0]["type"] != "audio":
        media[0][media[0]["type"]]["caption"] = outgoing.text
        return media
    texts = [{"type": "text", "text": {"body": text, "preview_url": False}} for text in cut(outgoing.text, LONGEST)]
    return [*texts, *media]


def _by_template(outgoing: Outgoing, known: Sequence[Template]) -> dict[str, Any]:
    said = filled(outgoing.text, known)
    if said is None:
        raise NotSent(terms(outgoing.lately, known).sentence, later=False)
    if outgoing.files:
        raise NotSent("WhatsApp takes no files with a template: leave them out.", later=False)
    return {"type": "template", "template": said}


def _media(file: Upload, id_: str) -> dict[str, Any]:
    kind = KINDS.get(file[2], "document")
    named = {"filename": file[0]} if kind == "document" else {}
    return {"type": kind, kind: {"id": id_, **named}}
