"""Tell whoever asked for a person when somebody answers: one sentence, with no time in it that nobody promised.

What it says comes from the calendar and from the promise's clock. No model and nothing of the assistant's has a part in it.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from towerdesk.accounts.actors import rule as acting
from towerdesk.chats.visitors import visitor_at
from towerdesk.chats.ways import ways_of
from towerdesk.events.models import Event
from towerdesk.hours.models import Calendar
from towerdesk.hours.opening import Hours
from towerdesk.hours.reckon import next_open
from towerdesk.lib.clock import now
from towerdesk.sla.models import Clock
from towerdesk.sla.policies import promise_for, promises
from towerdesk.tickets.give_receipt import give_receipt
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.terms import wants_no_more

DESK = acting(0, "Towerdesk")
ANSWERS = ("first_response", "next_response")


@dataclass(frozen=True, slots=True)
class When:
    """`opens`: we are closed until then; `by`: an answer is promised until then. Both aware, in the desk's zone."""

    opens: datetime | None = None
    by: datetime | None = None


WORDS: dict[str, dict[str, str]] = {
    "en": {
        "soon": "A person takes over from here and answers you as soon as one of us is free.",
        "by": "A person takes over from here and answers you {by} at the latest: that is what we promise.",
        "opens": "We are closed just now and open again {opens}; from then on a person answers you.",
        "both": "We are closed just now and open again {opens}; a person then answers you {by} at the latest.",
        "today": "today at {time}", "day": "on {day} at {time}", "format": "l, j F", "by_": "by {time} today",
        "by_day": "by {time} on {day}",
    },
    "de": {
        "soon": "Ab hier übernimmt ein Mensch und antwortet Ihnen, sobald jemand von uns frei ist.",
        "by": "Ab hier übernimmt ein Mensch und antwortet Ihnen spätestens {by}: Das versprechen wir.",
        "opens": "Wir haben gerade geschlossen und sind {opens} wieder da; ab dann antwortet Ihnen ein Mensch.",
        "both": "Wir haben gerade geschlossen und sind {opens} wieder da; ein Mensch antwortet Ihnen dann spätestens {by}.",
        "today": "heute um {time}", "day": "am {day} um {time}", "format": "l, j. F", "by_": "heute um {time}",
        "by_day": "am {day} um {time}",
    },
    "fr": {
        "soon": "Une personne prend le relais et vous répond dès que l’un de nous est disponible.",
        "by": "Une personne prend le relais et vous répond au plus tard {by} : c’est notre engagement.",
        "opens": "Nous sommes fermés pour le moment et rouvrons {opens} ; une personne vous répondra à partir de là.",
        "both": "Nous sommes fermés pour le moment et rouvrons {opens} ; une personne vous répondra au plus tard {by}.",
        "today": "aujourd’hui à {time}", "day": "le {day} à {time}", "format": "l j F", "by_": "aujourd’hui à {time}",
        "by_day": "le {day} à {time}",
    },
    "es": {
        "soon": "A partir de aquí le atiende una persona, que le responde en cuanto alguno de nosotros quede libre.",
        "by": "A partir de aquí le atiende una persona, que le responde como muy tarde {by}: es nuestro compromiso.",
        "opens": "Ahora estamos cerrados y volvemos a abrir {opens}; a partir de entonces le responde una persona.",
        "both": "Ahora estamos cerrados y volvemos a abrir {opens}; una persona le responde entonces como muy tarde {by}.",
        "today": "hoy a las {time}", "day": "el {day} a las {time}", "format": r"l j \d\e F", "by_": "hoy a las {time}",
        "by_day": "el {day} a las {time}",
    },
}  # fmt: skip


def say_when(ticket: Ticket, event: Event) -> Message | None:
    """Once for each time they ask; nothing to somebody who asked for no more messages."""
    if not ticket.is_waiting or wants_no_more(ticket):
        return None
    return give_receipt(ticket, sentence(when(ticket), _language(ticket, event)), by=DESK, cause=event)


def when(ticket: Ticket) -> When:
    """A promise that is broken already names no time any more."""
    at, hours = now(), _hours(ticket)
    clocks = Clock.objects.filter(ticket=ticket, kind__in=ANSWERS, state="running", due_at__gt=at)
    due = clocks.order_by("due_at").values_list("due_at", flat=True).first()
    opens = next_open(hours, at) if hours else None
    zone = ZoneInfo(hours.zone if hours else settings.TIME_ZONE)
    return When(
        opens.astimezone(zone) if opens and opens > at else None,
        due.astimezone(zone) if due else None,
    )


def sentence(when: When, language: str) -> str:
    words = WORDS.get(language[:2], WORDS["en"])
    spoken = language[:2] if language[:2] in WORDS else "en"
    which = {(True, True): "both", (True, False): "opens", (False, True): "by", (False, False): "soon"}
    template = words[which[when.opens is not None, when.by is not None]]
    opens = _moment(when.opens, words["today"], words["day"], spoken) if when.opens else ""
    by = _moment(when.by, words["by_"], words["by_day"], spoken) if when.by else ""
    return template.format(opens=opens, by=by)


def _hours(ticket: Ticket) -> Hours | None:
    """Of a chat those of its widget, else those that the promise runs by; None: nothing says when we are there."""
    number = ways_of(ticket.inbox).calendar if ticket.inbox.channel == "chat" else None
    calendar = Calendar.objects.filter(pk=number).first() if number else None
    if calendar is not None:
        return calendar.hours
    promise = promise_for(ticket, promises())
    return promise.hours if promise and promise.calendar else None


def _language(ticket: Ticket, event: Event) -> str:
    visitor = visitor_at(ticket) if ticket.inbox.channel == "chat" else None
    return str(ticket.language or event.data.get("language") or (visitor.language if visitor else "") or "en")


def _moment(at: datetime, today: str, day: str, language: str) -> str:
    time = f"{at:%H:%M} {at:%Z}"
    if at.date() == now().astimezone(at.tzinfo).date():
        return today.format(time=time)
    with translation.override(language):
        return day.format(day=date_format(at, WORDS[language]["format"]), time=time)
