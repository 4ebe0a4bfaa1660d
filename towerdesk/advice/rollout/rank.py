"""Which intents to automate first: high volume, repeatable, clear owner. Exceptions come last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from towerdesk.advice.finding import Shown, counted, percent
from towerdesk.assistant.models import Licence
from towerdesk.insights.models import TicketFact
from towerdesk.tickets.models import Intent, Ticket

WINDOW = timedelta(days=90)
FEW, REPEATABLE, OWNED = 20, 0.5, 0.6
WEIGHT = {"information": 1.0, "account": 0.5, "money": 0.1}
"""What an answer alone is worth by risk class: an error costs more there, and a licence asks for more proof."""
ONE_OF_US = Q(replies_person__lte=1, replies_assistant=0) | Q(replies_person=0, replies_assistant=1)
ONE_REPLY = ONE_OF_US & Q(resolved_at__isnull=False, reopened=0, recontact=False)
NEXT = {
    "off": "Let it watch",
    "shadow": "Let it suggest",
    "suggest": "Let it send after a pause",
    "pause": "Grade its suggestions",
    "send": "Grade its suggestions",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """`tickets` came in 90 days; of those solved, `easy` took one reply and held; of all, `stays` are with its team."""

    intent: Intent
    tickets: int
    solved: int
    easy: float
    stays: float
    has_licence: bool

    @property
    def worth(self) -> int:
        """About how many tickets of 90 days could have been answered alone, errors weighed."""
        return round(self.tickets * self.easy * self.stays * WEIGHT[self.intent.risk])

    @property
    def is_exception(self) -> bool:
        return bool(self.reasons)

    @property
    def is_alone(self) -> bool:
        return self.has_licence and self.intent.level in ("pause", "send")

    @property
    def reasons(self) -> list[str]:
        """Why it should stay with people for now; none: it can go."""
        few = f"only {counted(self.tickets, 'ticket')}" if self.tickets else "no ticket"
        told = [(self.tickets < FEW, f"{few} in 90 days")]
        told += [(self.solved > 0 and self.easy < REPEATABLE, f"one reply settled only {percent(self.easy)}")]
        told += [(self.tickets > 0 and self.stays < OWNED, f"only {percent(self.stays)} stay with {self.intent.team}")]
        told += [(self.intent.risk == "money", "money and legal matters need a person's approval")]
        return [why for holds, why in told if holds]

    @property
    def why(self) -> str:
        """`412 tickets in 90 days, 88 % settled by one reply, 95 % stay with Orders`, or why it is an exception."""
        if self.is_exception:
            told = ", ".join(self.reasons)
            return f"{told[0].upper()}{told[1:]}."
        counts = counted(self.tickets, "ticket")
        return (
            f"{counts}, {percent(self.easy)} settled by one reply, {percent(self.stays)} stay with {self.intent.team}."
        )

    @property
    def next(self) -> str:
        return "Answers alone" if self.is_alone else NEXT[self.intent.level]

    @property
    def mend(self) -> Shown:
        return Shown(self.next, f"/licences/{self.intent.slug}")


def rank(at: datetime) -> list[Candidate]:
    """First what takes most work away, exceptions last."""
    since = at - WINDOW
    facts, with_team = _facts(since), _with_team(since)
    own_or_shared = Q(intent=OuterRef("pk")) | Q(intent=None, members=OuterRef("pk"))
    licensed = Exists(Licence.objects.filter(own_or_shared, ended_at=None, expires_at__gt=at))
    intents = Intent.objects.filter(active=True).select_related("team").annotate(licensed=licensed)
    found = []
    for intent in intents:
        tickets, solved, easy = facts.get(intent.slug, (0, 0, 0))
        seen, stays = with_team.get(intent.pk, (0, 0))
        easy_share, stays_share = easy / solved if solved else 0.0, stays / seen if seen else 0.0
        found.append(Candidate(intent, tickets, solved, easy_share, stays_share, intent.licensed))
    return sorted(found, key=lambda one: (one.is_exception, -one.worth, -one.tickets, one.intent.name))


def _facts(since: datetime) -> dict[str, tuple[int, int, int]]:
    """By intent: opened, of them solved, of them by one reply."""
    lately = TicketFact.objects.filter(opened_at__gte=since, merged=False).exclude(intent="")
    solved, easy = Count("pk", filter=Q(resolved_at__isnull=False)), Count("pk", filter=ONE_REPLY)
    rows = lately.values("intent").annotate(n=Count("pk"), solved=solved, easy=easy).order_by()
    return {row["intent"]: (row["n"], row["solved"], row["easy"]) for row in rows}


def _with_team(since: datetime) -> dict[int | None, tuple[int, int]]:
    """By intent: tickets, and those that are still with the intent's own team. The index is on `updated_at`."""
    lately = Ticket.objects.filter(updated_at__gte=since, created_at__gte=since, intent__isnull=False)
    stays = Count("pk", filter=Q(team_id=F("intent__team_id")))
    rows = lately.values("intent_id").annotate(n=Count("pk"), stays=stays).order_by()
    return {row["intent_id"]: (row["n"], row["stays"]) for row in rows}
