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
        "Arrivals accounted for",
        share(stands.arrived - lost, stands.arrived),
        0.999,
        stands.arrived,
        ("arrival", "arrivals"),
        "(arrived − failed − unread for an hour) ÷ arrived, of all that ever came",
        f"{counted(lost, 'arrival')} failed or were not read: somebody's request may be among them.",
        Shown("Read them again", "/intake?state=failed"),
        Shown("Intake", "/intake"),
    )


def owned(stands: Standing) -> Signal:
    return Signal(
        "Work that somebody sees",
        share(stands.waiting - stands.hidden, stands.waiting),
        0.95,
        stands.waiting,
        ("waiting ticket", "waiting tickets"),
        "1 − (late and in nobody's hands ÷ waiting), now",
        f"{counted(stands.hidden, 'waiting ticket')} {'is' if stands.hidden == 1 else 'are'} late and in nobody's hands.",
        tickets("Give them to somebody", "is:late is:unassigned"),
        tickets("Late and unowned", "is:late is:unassigned"),
    )


def named(counts: Measured) -> Signal:
    without = counts.opened - counts.named
    return Signal(
        "Tickets with an intent",
        share(counts.named, counts.opened),
        0.8,
        counts.opened,
        ("ticket opened", "tickets opened"),
        "opened in 30 days and has an intent ÷ opened in 30 days",
        f"{counted(without, 'ticket')} of {counts.opened:,} have no intent: one shared language is not there yet.",
        Shown("Intents", "/settings/intents"),
        tickets("Without an intent", "intent:none created:<30d"),
    )


def passed_on(counts: Measured) -> Signal:
    value = share(counts.given - counts.hands, counts.hands)
    return Signal(
        "Passed on again",
        value,
        0.3,
        counts.hands,
        ("ticket that was given", "tickets that were given"),
        "(times given − tickets given) ÷ tickets given, in 30 days",
        f"A ticket that was given to somebody is given on {value or 0:.1f} times more: it begins in the wrong place.",
        Shown("Routing", "/settings/routing"),
        tickets("Tickets in hands", "assignee:any created:<30d"),
        "times",
    )


def ready_made(counts: Measured) -> Signal:
    value = share(counts.ready_made, counts.replies)
    return Signal(
        "Replies that nobody typed anew",
        value,
        0.3,
        counts.replies,
        ("reply", "replies"),
        "by the assistant, a rule or a schedule, or a suggestion that a person sent ÷ replies in 30 days; what a macro "
        "wrote leaves no mark and counts as typed",
        f"Only {percent(value or 0)} of the replies came from a suggestion, a rule or the assistant: the same things are "
        "typed again and again.",
        Shown("What the assistant may do", "/licences"),
        tickets("Answered tickets", "is:answered created:<30d"),
    )


def autonomous(counts: Measured) -> Signal:
    value = share(counts.alone, counts.resolved)
    return Signal(
        "Resolved before an agent steps in",
        value,
        0.3,
        counts.resolved,
        ("ticket resolved", "tickets resolved"),
        "resolved by the assistant, no reply by a person, confirmed or assumed, no recontact within 7 days ÷ resolved in "
        "30 days",
        f"{percent(value or 0)} of the tickets were resolved before an agent stepped in.",
        Shown("Licences", "/licences"),
        tickets("By the assistant", "handler:assistant status:resolved,closed"),
    )


def proven(stands: Standing) -> Signal:
    return Signal(
        "Intents with a licence",
        share(min(stands.licences, stands.meant_to_send), stands.meant_to_send),
        0.5,
        stands.meant_to_send,
        ("intent that may send", "intents that may send"),
        "intents that may send and hold a valid licence ÷ intents that may send, now",
        f"{counted(max(0, stands.meant_to_send - stands.licences), 'intent')} may send, without proof yet of being "
        "rarely wrong.",
        Shown("Grade", "/licences"),
        Shown("Licences", "/licences"),
    )
