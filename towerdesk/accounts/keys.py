"""Make, check and revoke API keys. The key itself is shown once and never stored."""

import hashlib
import hmac
import secrets
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, QuerySet

from towerdesk.accounts.models import ApiKey
from towerdesk.accounts.roles import ROLES
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Invalid


def create_key(name: str, role: str, *, by: Actor) -> tuple[ApiKey, str]:
    """Return the stored key and its secret text `td_<prefix>_<secret>`."""
    by.must("key.create")
    if role not in ROLES:
        raise Invalid(f"There is no role {role!r}. Choose one of: {', '.join(ROLES)}.")
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    with transaction.atomic():
        api_key = ApiKey.objects.create(name=name, prefix=prefix, digest=_digest(secret), role=role)
        record("key.created", by=by, subject=api_key.pk, prefix=prefix, role=role)
    return api_key, f"td_{prefix}_{secret}"


def revoke_key(api_key: ApiKey, *, by: Actor) -> None:
    by.must("key.create")
    with transaction.atomic():
        api_key.revoked_at = now()
        api_key.save(update_fields=["revoked_at"])
        record("key.revoked", by=by, subject=api_key.pk, prefix=api_key.prefix)


def actor_for(text: str) -> Actor | None:
    """The actor of a key's secret text, or None when it is malformed, unknown or revoked."""
    kind, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if kind != "td" or not secret:
        return None
    api_key = next(iter(_valid_by(prefix=prefix)), None)
    if api_key is None or not hmac.compare_digest(api_key.digest, _digest(secret)):
        return None
    return _acting(api_key)


def actor_again(key_id: int) -> Actor | None:
    """The actor of a key whose work goes on in a job, with the rights that it has now; None when it is revoked."""
    api_key = _valid().filter(pk=key_id).first()
    return _acting(api_key) if api_key else None


def _acting(api_key: Any) -> Actor:
    permissions = ROLES.get(api_key.role, frozenset())
    return Actor("key", api_key.pk, api_key.name, permissions, frozenset(api_key.team_ids))


def _valid() -> "QuerySet[Any]":
    """Keys with their teams, in one query: this runs on every request."""
    its_teams = ApiKey.teams.through.objects.filter(apikey_id=OuterRef("pk")).values("team_id")
    return ApiKey.objects.filter(revoked_at=None).annotate(team_ids=ArraySubquery(its_teams)).order_by()


@compiled
def _valid_by(*, prefix: str) -> "QuerySet[Any]":
    return _valid().filter(prefix=prefix)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
