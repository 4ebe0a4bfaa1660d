"""How a chat looks and behaves on a site: a part of its inbox's settings, always whole and always harmless."""

import re
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from towerdesk.channels.models import Inbox
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line

KEY = "chat"
COLOUR = re.compile(r"#[0-9a-f]{6}")


class Ways(BaseModel):
    """`origins`: sites that may show it, such as https://www.example.com; none: any site."""

    model_config = ConfigDict(extra="ignore")

    title: str = Field("Chat with us", max_length=60)
    greeting: str = Field("Hello! What can we do for you?", max_length=300)
    colour: str = "#1f4f8f"
    theme: Literal["auto", "light", "dark"] = "auto"
    side: Literal["end", "start"] = "end"
    ask: Literal["nothing", "maybe", "must"] = "nothing"  # for name and mail, before the chat begins
    files: bool = True
    calendar: int | None = None
    mail_inbox: int | None = None  # where a chat goes on by mail
    leave_minutes: int = Field(10, ge=1, le=1440)
    origins: list[str] = Field(default_factory=list, max_length=50)
    most_per_network: int = Field(120, ge=1)  # calls of one network within a minute

    @field_validator("colour")
    @classmethod
    def _is_colour(cls, value: str) -> str:
        if not COLOUR.fullmatch(value.lower()):
            raise ValueError("Write a colour as #1f4f8f.")
        return value.lower()

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, values: list[str]) -> list[str]:
        return [_origin(value) for value in values if value.strip()]

    def allows(self, origin: str, own: str) -> bool:
        """`own`: the desk's origin, which always may. What names no origin is no other site's page."""
        return not origin or not self.origins or origin in self.origins or origin == own


def ways_of(inbox: Inbox) -> Ways:
    """What is stored and can't be read any more counts as not said."""
    try:
        return Ways(**inbox.settings.get(KEY, {}))
    except ValidationError:
        return Ways()


def set_ways(inbox: Inbox, values: Mapping[str, Any], *, by: Actor) -> Ways:
    """What is not given stays as it was. Raises `Invalid` with a sentence for each field."""
    by.must("inbox.change")
    try:
        ways = Ways(**{**ways_of(inbox).model_dump(), **values})
    except ValidationError as error:
        said = {str(one["loc"][0]): one["msg"].removeprefix("Value error, ") for one in error.errors()}
        raise Invalid("The chat was not saved: look at what is marked.", said) from None
    inbox.settings = {**inbox.settings, KEY: ways.model_dump()}
    inbox.save(update_fields=["settings"])
    record("inbox.changed", by=by, subject=inbox.pk, address=inbox.address, what="how the chat looks and behaves")
    return ways


def _origin(value: str) -> str:
    parts = urlsplit(value.strip().lower())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"“{one_line(value, 60)}” is no site: write it as https://www.example.com.")
    return f"{parts.scheme}://{parts.netloc}"
