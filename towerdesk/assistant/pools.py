"""Licences for a risk class together: for intents that have too few grades to earn one of their own.

What a pooled licence says: *of all that is answered alone across its members, as they come in, at most alpha are wrong*.
It says nothing of one member alone: a rare one may be worse. So each member is watched by an e-process of its own, and one
that is refuted (its own error rate is over alpha) is left out: it is no longer answered alone, while its errors still
count in the pool. Leaving out what is worse than alpha can only lower the rate of the rest, so the bound stands unless
a member was left out wrongly. Delta pays for both: four fifths for the bound, one fifth shared among the members.

Members are fixed when a proving begins: those that may send, whatever their grades. Another member, or one less by a lead's
decision, is another proving, with only what comes in afterwards.
"""

import math
from collections import defaultdict

from django.db import transaction

from towerdesk.assistant.betting import log_e_above
from towerdesk.assistant.evidence import Piece, pieces_of, settled
from towerdesk.assistant.licences import keep_or_issue, why_void
from towerdesk.assistant.models import Licence, Proving, Run
from towerdesk.assistant.policy import ALONE, ALPHA, DELTA
from towerdesk.assistant.prove import end_proving, renewed
from towerdesk.assistant.suspend import end, leave_out, suspend, why_suspect
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent

RISKS = ("information", "account")
"""Money and legal matters need a person's approval whatever the evidence."""
FOR_THE_BOUND = 0.8
FEWEST_MEMBERS = 2


def review_pools(kind: str = "answer") -> list[Licence]:
    found = (review_pool(risk, kind) for risk in RISKS)
    return [licence for licence in found if licence]


def review_pool(risk: str, kind: str = "answer", *, by: Actor = CLOCK) -> Licence | None:
    with transaction.atomic():
        wanted = list(Intent.objects.select_for_update().filter(active=True, risk=risk, level__in=ALONE).order_by("pk"))
        held = Licence.objects.filter(intent=None, risk=risk, kind=kind, ended_at=None).first()
        if held and (suspicion := why_suspect(held)):
            suspend(held, suspicion, by=by)
            return None
        if held and (why := why_void(held)):
            end(held, why, how="expired" if held.expires_at <= now() else "void", by=by)
            held = None
        proving = _proving(risk, kind, wanted, held, by)
        if proving is None:
            return None
        members = sorted(proving.members.values_list("pk", flat=True))
        licence = keep_or_issue(proving, held, members, delta=FOR_THE_BOUND * DELTA, by=by)
        if licence:
            _leave_out_the_worse(licence, proving, members, by)
        return licence


def _proving(risk: str, kind: str, wanted: list[Intent], held: Licence | None, by: Actor) -> Proving | None:
    """The open one while its members are those that may send; a member that was left out stays one."""
    open_one = Proving.objects.filter(intent=None, risk=risk, kind=kind, ended_at=None).first()
    left = {int(one) for one in held.left_out} if held else set()
    now_wanted = {intent.pk for intent in wanted}
    if open_one and set(open_one.members.values_list("pk", flat=True)) - left != now_wanted - left:
        end_proving(open_one, "Its members changed")
        if held:
            end(held, "Its members changed", how="void", by=by)
        open_one = None
    if open_one is None and len(now_wanted) < FEWEST_MEMBERS:
        return None
    return renewed(open_one, sorted(now_wanted | left), kind, risk=risk, after=_spent(risk, kind, now_wanted))


def _spent(risk: str, kind: str, wanted: set[int]) -> int:
    """Earlier provings of other members looked at grades up to their end: what they saw is not used a second time."""
    last = Proving.objects.filter(intent=None, risk=risk, kind=kind).exclude(ended_at=None).order_by("-pk").first()
    if last is None or last.ended_at is None or set(last.members.values_list("pk", flat=True)) == wanted:
        return 0
    return Run.objects.filter(at__lte=last.ended_at).order_by("-pk").values_list("pk", flat=True).first() or 0


def _leave_out_the_worse(licence: Licence, proving: Proving, members: list[int], by: Actor) -> None:
    alpha = ALPHA[proving.risk]
    for intent, why in worse(settled(pieces_of(proving, members)), licence.threshold, members, alpha, DELTA).items():
        if str(intent) not in licence.left_out:
            leave_out(licence, Intent.objects.get(pk=intent), why, by=by)


def worse(pieces: list[Piece], threshold: float, members: list[int], alpha: float, delta: float) -> dict[int, str]:
    """Members whose own decisions at or above the threshold refute "at most alpha are wrong", with the sentence."""
    level = math.log(len(members) / ((1 - FOR_THE_BOUND) * delta))
    seen: dict[int, list[bool]] = defaultdict(list)
    refuted: set[int] = set()
    for piece in pieces:
        if piece.score >= threshold:
            wrong = seen[piece.intent]
            wrong.append(not piece.right)
            if piece.intent not in refuted and log_e_above(sum(wrong), len(wrong), alpha) >= level:
                refuted.add(piece.intent)
    return {
        one: f"{sum(seen[one])} of its own {len(seen[one])} were wrong: it is worse than the others" for one in refuted
    }
