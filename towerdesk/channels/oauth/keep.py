"""What an inbox knows of a leave: in its settings, everything secret sealed by `lib.vault`."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from pydantic import BaseModel, Field

from towerdesk.channels.models import Inbox

KEY = "oauth"


class Pending(BaseModel):
    """Somebody was sent to the company and has not come back yet."""

    state: str  # the digest of what they come back with
    verifier: str  # sealed (RFC 7636)
    user: int | None  # of the desk, who alone may come back with it
    mailbox: str  # whose leave is asked for
    until: datetime


class Leave(BaseModel):
    company: str
    client: str
    secret: str  # sealed
    tenant: str = "common"
    user: str  # name of the mailbox
    access: str = ""  # sealed
    renewal: str = ""  # sealed: the refresh token
    good_until: datetime | None = None
    given_at: datetime | None = None
    taken_back: str = ""  # one sentence: only a person can give it anew
    pending: Pending | None = Field(default=None)

    @property
    def is_given(self) -> bool:
        return bool(self.renewal)

    def is_good(self, at: datetime, refused: str, access: str, *, early: timedelta) -> bool:
        return bool(access and access != refused and self.good_until and at < self.good_until - early)


def leave_of(settings: dict[str, Any]) -> Leave | None:
    kept = settings.get(KEY)
    return Leave.model_validate(kept) if kept else None


def keep(inbox: int, leave: Leave | None, **other: Any) -> Inbox:
    """`other` are further settings; one that is None goes away."""
    with transaction.atomic():
        held = Inbox.objects.select_for_update().get(pk=inbox)
        changed = {**held.settings, KEY: leave.model_dump(mode="json") if leave else None, **other}
        held.settings = {name: value for name, value in changed.items() if value is not None}
        held.save(update_fields=["settings"])
    return held
