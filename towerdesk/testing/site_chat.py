"""A chat on the company's site for tests: a visitor's browser, without the browser."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from towerdesk.channels.models import Inbox
from towerdesk.chats.models import Visitor
from towerdesk.chats.open_chat import open_chat
from towerdesk.delivery.send import send_due
from towerdesk.events.models import Event
from towerdesk.flow import meet_visitor
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.testing.cast import Desk


def site_chat(desk: Desk, name: str = "Shop") -> Inbox:
    return open_chat(name, desk.repairs, by=CLOCK)


class Page:
    """One visitor's page on the site. `says` is kept and read, `works` is the worker's turn."""

    def __init__(self, inbox: Inbox, *, origin: str = "https://shop.example", **who: Any) -> None:
        self.inbox, self.origin, self.who = inbox, origin, who
        self.client = Client()
        self.token = ""
        self.key = ""
        self.number = 0

    def begins(self) -> "Page":
        said = self.post("start", **self.who).json()
        self.token, self.key = said["token"], said["key"]
        return self

    def post(self, name: str, /, **said: Any) -> Any:
        path = f"/chat/{self.inbox.hook}/{name}"
        return self.client.post(path, said, content_type="application/json", headers=self.headers)

    def get(self, name: str) -> Any:
        return self.client.get(f"/chat/{self.inbox.hook}/{name}", headers=self.headers)

    def writes(self, text: str, *, number: str = "", files: dict[str, bytes] | None = None) -> Any:
        self.number += 1
        given: dict[str, Any] = {"id": number or f"message-{self.number}", "text": text}
        given["files"] = [SimpleUploadedFile(name, content) for name, content in (files or {}).items()]
        return self.client.post(f"/chat/{self.inbox.hook}/messages", given, headers=self.headers)

    def says(self, text: str, **more: Any) -> Visitor:
        assert self.writes(text, **more).status_code == 200  # noqa: S101
        works()
        return self.visitor

    @property
    def headers(self) -> dict[str, str]:
        token = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return token | ({"Origin": self.origin} if self.origin else {})

    @property
    def visitor(self) -> Visitor:
        return Visitor.objects.select_related("ticket__inbox", "ticket__requester", "inbox").get(key=self.key)


def works() -> None:
    """As the worker does: read what was stored, let visitors meet their tickets, send what is due."""
    for number in Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True):
        accept(number)
    for event in Event.objects.filter(kind="message.received", data__channel="chat").order_by("pk"):
        meet_visitor(event)
    send_due()
