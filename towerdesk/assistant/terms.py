"""How much is drawn for grades, audits and second grades, and how much is held out: settable shares, and the draw itself.

A draw is a number from 0 to 1 made of the desk's own secret, a purpose and an id. So it is random to everybody who writes
to the desk, the same whenever it is asked again, and nobody can roll it anew; it is recorded beside what it decided.
"""

import hashlib
import hmac

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from towerdesk.assistant.models import Terms
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Invalid

SHARES = {
    "ask_share": "Drawn for a grade, of what is watched or suggested",
    "audit_share": "Drawn for an audit, of what is sent alone, at least",
    "second_share": "Asked of a second person, of what was graded",
    "holdout_share": "Held out for people, of tickets that could be answered alone",
}
LEAST = {"ask_share": 0.05, "audit_share": 0.02}
"""Below this nothing would be proved or found any more."""


def draw(purpose: str, number: int) -> float:
    """At least 0, below 1, uniform. `purpose` keeps the draws of different questions about one id apart."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{purpose}:{number}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def terms() -> Terms:
    return next(iter(_terms()), None) or Terms()


@compiled
def _terms() -> "QuerySet[Terms]":
    return Terms.objects.order_by("pk")[:1]


def set_terms(*, by: Actor, **shares: float) -> Terms:
    """Raises `Invalid` for a share that can't be. It holds for what comes in from now on; what was drawn stays drawn."""
    by.must("intent.change")
    for name, share in shares.items():
        if name not in SHARES or not LEAST.get(name, 0.0) <= share <= 1:
            raise Invalid(f"“{SHARES.get(name, name)}” is a share between {LEAST.get(name, 0):.0%} and 100 %.")
    with transaction.atomic():
        held = Terms.objects.select_for_update().order_by("pk").first() or Terms(pk=1)
        was = {name: getattr(held, name) for name in shares}
        if was == shares:
            return held
        for name, share in shares.items():
            setattr(held, name, share)
        held.save()
        record("autonomy.terms", by=by, was=was, now=shares)
    return held
