"""A token that is good now: renewed before it ends, or when a server refuses it, by one process at a time."""

from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from oauthlib.oauth2 import InvalidGrantError, OAuth2Error, WebApplicationClient

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, FateUnknown, NotSent
from towerdesk.channels.models import Inbox
from towerdesk.channels.oauth.companies import Company, company
from towerdesk.channels.oauth.keep import Leave, keep, leave_of
from towerdesk.channels.trouble import in_trouble
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Unavailable
from towerdesk.lib.locks import only_one
from towerdesk.lib.text import one_line
from towerdesk.lib.vault import seal, unseal

EARLY = timedelta(minutes=5)
USUAL = 3600  # seconds, when a company does not say for how long

log = structlog.get_logger()


class InboxGrant:
    """`contract.Grant`, as it stands with an inbox. What the database says by now counts, not what was read once."""

    def __init__(self, inbox: int, leave: Leave) -> None:
        self.inbox, self._leave = inbox, leave

    @property
    def user(self) -> str:
        return self._leave.user

    @property
    def company(self) -> str:
        return self._leave.company

    @property
    def trouble(self) -> str:
        return self._leave.taken_back

    def token(self, refused: str = "") -> str:
        """While the company can't be reached, the one there is serves for as long as it lasts."""
        if found := self._good(refused):
            return found
        with only_one(f"leave {self.inbox}"):
            if found := self._good(refused):  # somebody else was faster
                return found
            return self._renewed(refused)

    def _good(self, refused: str, early: timedelta = EARLY) -> str:
        kept = Inbox.objects.filter(pk=self.inbox).values_list("settings", flat=True).first() or {}
        leave = leave_of(kept)
        if leave is None or not leave.is_given:
            raise Unavailable("This inbox is no longer connected to its mailbox: connect it again.")
        self._leave = leave
        if leave.taken_back:
            raise Unavailable(leave.taken_back)
        access = unseal(leave.access) if leave.access else ""
        return access if leave.is_good(now(), refused, access, early=early) else ""

    def _renewed(self, refused: str) -> str:
        leave, at = self._leave, company(self._leave.company)
        client = WebApplicationClient(leave.client)
        body = client.prepare_refresh_body(
            refresh_token=unseal(leave.renewal), client_id=leave.client, client_secret=unseal(leave.secret)
        )
        try:
            fresh = with_tokens(leave, ask(at, leave, body))
        except InvalidGrantError:
            self._taken_back(at)
        except Unavailable:
            if found := self._good(refused, timedelta(0)):
                return found
            raise
        keep(self.inbox, fresh)
        self._leave = fresh
        return unseal(fresh.access)

    def _taken_back(self, at: Company) -> Any:
        """Nothing is lost: mails wait in their mailbox, replies in their queue, until a person connects it again."""
        said = f"{at.title} no longer lets the desk use {self._leave.user}: connect the inbox again."
        keep(self.inbox, self._leave.model_copy(update={"taken_back": said}))
        inbox = Inbox.objects.get(pk=self.inbox)
        in_trouble(inbox, said)
        log.warning("the leave to use a mailbox was taken back", inbox=self.inbox, company=at.name)
        raise Unavailable(said)


def grant_of(inbox: Inbox) -> InboxGrant | None:
    leave = leave_of(inbox.settings)
    return InboxGrant(inbox.pk, leave) if leave and leave.is_given else None


def ask(at: Company, leave: Leave, body: str) -> dict[str, Any]:
    """Tokens. Raises `InvalidGrantError` when the company wants to see the person, else `Unavailable`."""
    url = at.token.replace("{tenant}", leave.tenant)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        said = calling.post(
            at.title, url, Account(0, "", hosts=settings.HOOK_HOSTS), content=body.encode(), headers=headers
        )
    except (NotSent, FateUnknown) as error:
        raise Unavailable(str(error)) from None
    if said.status >= 500 or said.status in calling.TOO_BUSY:
        raise Unavailable(f"{at.title} gives no tokens just now ({said.status}).")
    try:
        told: dict[str, Any] = WebApplicationClient(leave.client).parse_request_body_response(said.body.decode())
    except InvalidGrantError:
        raise
    except (OAuth2Error, ValueError, TypeError, AttributeError) as error:
        why = one_line(str(getattr(error, "error", "") or type(error).__name__), 80)
        raise Unavailable(f"{at.title} gives the desk no token ({why}): check its client and secret.") from None
    return told


def with_tokens(leave: Leave, told: dict[str, Any]) -> Leave:
    """Some companies give another refresh token each time, some only the first."""
    seconds = min(max(int(told.get("expires_in") or USUAL), 0), 30 * 24 * 3600)
    renewal = str(told.get("refresh_token") or "")
    return leave.model_copy(
        update={
            "access": seal(str(told["access_token"])),
            "renewal": seal(renewal) if renewal else leave.renewal,
            "good_until": now() + timedelta(seconds=seconds),
            "taken_back": "",
        }
    )
