"""The success signals of the three phases, measured on the last thirty days of log and facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from towerdesk.advice.finding import Shown, counted, percent, tickets
from towerdesk.advice.rollout.signal import Signal, share
from towerdesk.advice.rollout.standing import Standing
from towerdesk.assistant.models import Grade
from towerdesk.events.models import Event
from towerdesk.insights.models import TicketFact

WINDOW = timedelta(days=30)
HELD = Q(resolved_by="assistant", replies_person=0, known_by__in=("confirmed", "assumed"), recontact=False)
"""As `autonomous` among the metrics: resolved by the assistant alone, and it held. A test compares the two."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts of the window."""

    opened: int
    named: int  # of them with an intent
    resolved: int
    alone: int  # of them by the assistant, and it held
    given: int  # how often tickets were given to somebody
    hands: int  # tickets that were
    replies: int
    ready_made: int  # of them written by the assistant or a rule, or from a suggestion


def measure(at: datetime) -> Measured:
    since = at - WINDOW
    opened = TicketFact.objects.filter(opened_at__gte=since)
    resolved = TicketFact.objects.filter(resolved_at__gte=since, merged=False)
    of_kind = Event.objects.filter(at__gte=since).order_by()
    begun = opened.aggregate(n=Count("pk"), named=Count("pk", filter=~Q(intent="")))
    ended = resolved.aggregate(n=Count("pk"), alone=Count("pk", filter=HELD))
    given = of_kind.filter(kind="ticket.assigned").aggregate(n=Count("pk"), hands=Count("ticket_id", distinct=True))
    by_others = Count("pk", filter=~Q(actor_kind__in=("agent", "key")))
    said = of_kind.filter(kind="message.queued").aggregate(n=Count("pk"), others=by_others)
    used = Grade.objects.filter(at__gte=since, verdict__in=("approved", "edited")).count()
    ready_made = min(said["n"], said["others"] + used)
    return Measured(
        begun["n"], begun["named"], ended["n"], ended["alone"], given["n"], given["hands"], said["n"], ready_made
    )


def accounted(stands: Standing) -> Signal:
    lost = stands.failed + stands.stuck
    return Signal(
        title="Arrivals accounted for",
        part=stands.arrived - lost,
        n=stands.arrived,
        goal=0.999,
        of=("arrival", "arrivals"),
        formula="(arrived − failed − unread for an hour) ÷ arrived, of all that ever came",
        lack=f"{counted(lost, 'arrival')} failed or were not read: somebody's request may be among them.",
        mend=Shown("Read them again", "/intake?state=failed"),
        look=Shown("Intake", "/intake"),
    )


def owned(stands: Standing) -> Signal:
    hidden = counted(stands.hidden, "waiting ticket")
    return Signal(
        title="Work that somebody sees",
        part=stands.waiting - stands.hidden,
        n=stands.waiting,
        goal=0.95,
        of=("waiting ticket", "waiting tickets"),
        formula="1 − (late and in nobody's hands ÷ waiting), now",
        lack=f"{hidden} {'is' if stands.hidden == 1 else 'are'} late and in nobody's hands.",
        mend=tickets("Give them to somebody", "is:late is:unassigned"),
        look=tickets("Late and unowned", "is:late is:unassigned"),
    )


def named(counts: Measured) -> Signal:
    without = counts.opened - counts.named
    return Signal(
        title="Tickets with an intent",
        part=counts.named,
        n=counts.opened,
        goal=0.8,
        of=("ticket opened", "tickets opened"),
        formula="opened in 30 days and has an intent ÷ opened in 30 days",
        lack=f"{counted(without, 'ticket')} of {counts.opened:,} have no intent: one shared language is not there yet.",
        mend=Shown("Intents", "/settings/intents"),
        look=tickets("Without an intent", "intent:none created:<30d"),
    )


def passed_on(counts: Measured) -> Signal:
    again = counts.given - counts.hands
    times = share(again, counts.hands) or 0
    return Signal(
        title="Passed on again",
        part=again,
        n=counts.hands,
        goal=0.3,
        of=("ticket that was given", "tickets that were given"),
        formula="(times given − tickets given) ÷ tickets given, in 30 days",
        lack=(f"A ticket that was given to somebody is given on {times:.1f} times more: it begins in the wrong place."),
        mend=Shown("Routing", "/settings/routing"),
        look=tickets("Tickets in hands", "assignee:any created:<30d"),
        unit="times",
    )


def ready_made(counts: Measured) -> Signal:
    only = percent(share(counts.ready_made, counts.replies) or 0)
    return Signal(
        title="Replies that nobody typed anew",
        part=counts.ready_made,
        n=counts.replies,
        goal=0.3,
        of=("reply", "replies"),
        formula=(
            "by the assistant, a rule or a schedule, or a suggestion that a person sent ÷ replies in 30 days; what a "
            "macro wrote leaves no mark and counts as typed"
        ),
        lack=(
            f"Only {only} of the replies came from a suggestion, a rule or the assistant: the same things "
            "are typed again and again."
        ),
        mend=Shown("What the assistant may do", "/licences"),
        look=tickets("Answered tickets", "is:answered created:<30d"),
    )


def autonomous(counts: Measured) -> Signal:
    alone = percent(share(counts.alone, counts.resolved) or 0)
    return Signal(
        title="Resolved before an agent steps in",
        part=counts.alone,
        n=counts.resolved,
        goal=0.3,
        of=("ticket resolved", "tickets resolved"),
        formula=(
            "resolved by the assistant, no reply by a person, confirmed or assumed, no recontact within 7 days ÷ resolved "
            "in 30 days"
        ),
        lack=f"{alone} of the tickets were resolved before an agent stepped in.",
        mend=Shown("Licences", "/licences"),
        look=tickets("By the assistant", "handler:assistant status:resolved,closed"),
    )


def proven(stands: Standing) -> Signal:
    unproven = counted(max(0, stands.meant_to_send - stands.licences), "intent")
    return Signal(
        title="Intents with a licence",
        part=min(stands.licences, stands.meant_to_send),
        n=stands.meant_to_send,
        goal=0.5,
        of=("intent that may send", "intents that may send"),
        formula="intents that may send and hold a valid licence ÷ intents that may send, now",
        lack=f"{unproven} may send, without proof yet of being rarely wrong.",
        mend=Shown("Grade", "/licences"),
        look=Shown("Licences", "/licences"),
    )
