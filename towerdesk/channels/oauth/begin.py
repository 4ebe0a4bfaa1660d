"""Send a person to their company to be asked for leave, and take them back with it (RFC 6749, RFC 7636, RFC 9700)."""

import hashlib
import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from oauthlib.oauth2 import InvalidGrantError, WebApplicationClient

from towerdesk.channels.models import Inbox
from towerdesk.channels.oauth.companies import Company, company
from towerdesk.channels.oauth.grant import ask, with_tokens
from towerdesk.channels.oauth.keep import Leave, Pending, keep, leave_of
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, Refused, Unavailable
from towerdesk.lib.ids import equal
from towerdesk.lib.text import as_number
from towerdesk.lib.vault import seal, unseal

PATIENCE = timedelta(minutes=15)  # from being sent away to coming back
VERIFIER = 64  # characters, of which RFC 7636 wants 43 to 128
TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,80}")
NOT_WAITED_FOR = "Nobody waits for this answer any more: begin again on the inbox's page."


def redirect_address() -> str:
    """One for all inboxes: companies want each written down."""
    return f"{settings.PUBLIC_URL}/settings/inboxes/granted"


def begin(
    inbox: Inbox, named: str, *, by: Actor, client: str = "", secret: str = "", tenant: str = "", user: str = ""
) -> str:
    """The address where the person is asked. What is left empty stays as it was; the leave there is goes on until then."""
    by.must("inbox.change")
    at, had = company(named), leave_of(inbox.settings)
    had = had if had and had.company == named else None
    leave = Leave(
        company=named,
        client=client or (had.client if had else ""),
        secret=seal(secret) if secret else (had.secret if had else ""),
        tenant=tenant or (had.tenant if had else "common"),
        user=user or (had.user if had else inbox.address),
    )
    if not leave.client or not leave.secret:
        raise Invalid(f"{at.title} gave the desk a client ID and a secret: both are needed.")
    if not TENANT.fullmatch(leave.tenant) or not leave.user.isascii() or not leave.user.isprintable():
        raise Invalid("A tenant is a domain or an ID, and the mailbox a plain mail address.")
    asks = WebApplicationClient(leave.client)
    state, verifier = f"{inbox.pk}.{secrets.token_urlsafe(32)}", asks.create_code_verifier(VERIFIER)
    pending = Pending(
        state=_digest(state), verifier=seal(verifier), user=by.user_id, mailbox=leave.user, until=now() + PATIENCE
    )
    kept = had.model_copy(update=leave.model_dump(include={"client", "secret", "tenant"})) if had else leave
    held = keep(inbox.pk, kept.model_copy(update={"pending": pending}))
    inbox.settings = held.settings
    return _address(at, leave, asks, state, verifier)


def _address(at: Company, leave: Leave, asks: WebApplicationClient, state: str, verifier: str) -> str:
    address: str = asks.prepare_request_uri(
        at.authorize.replace("{tenant}", leave.tenant),
        redirect_uri=redirect_address(),
        scope=list(at.scopes),
        state=state,
        code_challenge=asks.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
        login_hint=leave.user,
        **at.asks,
    )
    return address


def finish(state: str, code: str, *, by: Actor, error: str = "") -> Inbox:
    """They are back: the code becomes tokens. An answer counts once, for whoever was sent, and not for long."""
    by.must("inbox.change")
    inbox, leave, pending = _taken(state, by)
    at = company(leave.company)
    if error or not code:
        raise Refused(f"{at.title} gave no leave ({error[:60] or 'no code'}). Nothing has changed.")
    body = WebApplicationClient(leave.client).prepare_request_body(
        code=code,
        redirect_uri=redirect_address(),
        code_verifier=unseal(pending.verifier),
        client_secret=unseal(leave.secret),
    )
    try:
        told = ask(at, leave, body)
    except InvalidGrantError:
        raise Refused(f"{at.title} does not take the answer that it gave: begin again.") from None
    fresh = with_tokens(leave, told).model_copy(update={"given_at": now(), "user": pending.mailbox})
    if not fresh.is_given:
        raise Unavailable(
            f"{at.title} gave a token that can't be renewed: begin again, and take leave away there first."
        )
    with transaction.atomic():
        held = keep(inbox.pk, fresh)
        Inbox.objects.filter(pk=inbox.pk).update(trouble="")
        record("inbox.connected", by=by, subject=inbox.pk, server=at.title)
    return held


def _taken(state: str, by: Actor) -> tuple[Inbox, Leave, Pending]:
    number = state.partition(".")[0]
    with transaction.atomic():
        held = Inbox.objects.select_for_update().filter(pk=as_number(number)).first()
        leave = leave_of(held.settings) if held else None
        pending = leave.pending if leave else None
        if held is None or leave is None or pending is None or not equal(_digest(state), pending.state):
            raise Conflict(NOT_WAITED_FOR)
        leave = leave.model_copy(update={"pending": None})
        keep(held.pk, leave)
    if pending.until < now() or pending.user != by.user_id:
        raise Conflict(NOT_WAITED_FOR)
    return held, leave, pending


def give_up(inbox: Inbox, *, by: Actor) -> None:
    """Forget the leave. The mailbox is no longer watched, replies leave by the relay; what was stored stays."""
    by.must("inbox.change")
    with transaction.atomic():
        held = keep(inbox.pk, None, imap=None)
        Inbox.objects.filter(pk=inbox.pk).update(trouble="")
        record("inbox.disconnected", by=by, subject=inbox.pk)
    inbox.settings = held.settings


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
