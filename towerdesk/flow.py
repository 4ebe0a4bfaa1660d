"""The whole journey on one page: what follows which event. What the clock does by itself is `clockwork`'s.

    raw.arrived ─► accept ─► ticket + message.received ─► decide ─► message.queued ─► send ─► message.sent

Each follower of an event is a job of its own, deferred in the transaction that wrote the event.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import DatabaseError
from django.db.models import QuerySet
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from towerdesk.actions import bulk_run
from towerdesk.assistant import settle
from towerdesk.assistant.beside import read_beside
from towerdesk.assistant.brain import LEARNT
from towerdesk.assistant.consider import ANSWERED_KINDS, consider
from towerdesk.assistant.learn import learn
from towerdesk.assistant.leave_to_people import leave_to_people
from towerdesk.assistant.models import Run
from towerdesk.assistant.procedures.graphs import PUBLISHED
from towerdesk.assistant.reconsider import reconsider
from towerdesk.assistant.sightings import seen_as
from towerdesk.assistant.sum_up import sum_up
from towerdesk.assistant.suspend import weigh
from towerdesk.assistant.transcribe import transcribe
from towerdesk.automation.escalate import escalate
from towerdesk.automation.macros import read_filled
from towerdesk.automation.routing.route import ROUTES, route
from towerdesk.automation.rules import run as run_rules
from towerdesk.automation.rules.ready import RULES
from towerdesk.automation.say_when import say_when
from towerdesk.chats.meet import meet
from towerdesk.chats.transcript import send_transcripts
from towerdesk.delivery.ask_approvers import ask_approvers
from towerdesk.delivery.confirm import came_by_form, confirm_due
from towerdesk.delivery.send import send
from towerdesk.delivery.way_out import way_out
from towerdesk.events.models import Event
from towerdesk.events.of_job import event_of_job
from towerdesk.events.queue import defer
from towerdesk.events.record import FOLLOW, follow_with, listen_with
from towerdesk.intake import accept, ask_lists
from towerdesk.intake.happened import wake
from towerdesk.knowledge.index import index_article
from towerdesk.knowledge.search import CITABLE
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.embedding import embedder
from towerdesk.lib.stamps import told
from towerdesk.notifications.notify import POST, notify
from towerdesk.notifications.post import post as send_post
from towerdesk.notifications.recipients import CONCERNS, may_concern
from towerdesk.problems.issues.follow import follow_bug, is_bug
from towerdesk.problems.issues.push import push_due
from towerdesk.problems.surges.watch import watch
from towerdesk.problems.telling import tell
from towerdesk.sla.follow import keep_time
from towerdesk.sla.policies import PROMISED
from towerdesk.sla.review import review
from towerdesk.sla.timed import TIMED
from towerdesk.tickets.ask_for_person import heed
from towerdesk.tickets.asked_by_tools import ABOUT_CALLS, ask_for_word
from towerdesk.tickets.models import Message, Ticket

log = structlog.get_logger()

SEND_PAUSED = "towerdesk.flow.send_paused"
BULK = "towerdesk.flow.bulk"
TELL = "towerdesk.flow.tell"
REVIEW_CLOCKS = "towerdesk.flow.review_clocks"
LIST = ask_lists.LIST
DECIDES_BY = (RULES, LEARNT, CITABLE, PUBLISHED, ROUTES)
"""What a decision goes by that is kept in memory: the query that reads the message tells whether it is still so."""


def accept_raw(event: Event) -> None:
    """Bytes become a ticket, a message, a bounce, or are set aside for a reason."""
    if event.subject_id:
        accept.accept(event.subject_id)


def look_back(event: Event) -> None:
    """A provider may tell that a reply was read before we have written down under which id it left."""
    message = Message.objects.select_related("ticket__inbox").filter(pk=event.subject_id or 0).first()
    if message is not None:
        wake(way_out(message).pk, message.message_id)


def decide(event: Event) -> None:
    """Is a person wanted? Then rules, the assistant, who gets it, who is told. Only events from outside are answered."""
    message = next(iter(read_beside(DECIDES_BY, number=event.subject_id or 0)), None)
    if message is None or not event.is_from_outside:
        return
    with told(DECIDES_BY, message.stamps):  # type: ignore[attr-defined]
        heed(message, cause=event)
        run_rules(event, message.ticket)
        try:
            run = consider(message, cause=event)
            if event.data["first"]:
                look_out(message, run)
        except Exception:  # nothing of it may keep a person from whoever asked for one
            if message.ticket.person_asked_at is None:
                raise
            log.exception("a person was asked for, and nothing was read for them", message=message.pk)
        route(message.ticket, cause=event)
    if not event.data["first"]:
        notify(event)  # of a new ticket, whoever is given it hears by that


def look_out(message: Message, run: Run | None) -> None:
    """Is it one of too many? Whoever hears by that what is known needs no suggestion any more."""
    ticket = message.ticket
    if message.auto not in ANSWERED_KINDS or message.taken_back_at or not ticket.is_waiting:
        return
    vector, model = seen_as(message, run)
    if watch(ticket, vector, model) and ticket.status == "hold":
        settle.withdraw_open(ticket, "They were told what is known")


def to_a_person(event: Event) -> None:
    """Somebody asked for a person: they hear when, what the assistant had begun is put away, somebody has the ticket."""
    ticket = Ticket.objects.for_strips().filter(pk=event.ticket_id or 0).first()
    if ticket is not None:
        say_when(ticket, event)
        if event.data["how"] == "link":
            leave_to_people(ticket)
        route(ticket, cause=event)


def answer_with_rules(event: Event) -> None:
    """What people, programs and the clock do on a ticket may set off rules; a message does so in `decide`."""
    ticket = Ticket.objects.filter(pk=event.ticket_id or 0).first()
    if ticket is not None:
        run_rules(event, ticket)


def meet_visitor(event: Event) -> None:
    """Who chats follows the ticket that their words are on."""
    for message in read_beside(DECIDES_BY, number=event.subject_id or 0):
        meet(message, cause=event)


def reconsider_message(event: Event) -> None:
    for message in read_beside(DECIDES_BY, number=event.subject_id or 0):
        reconsider(message, cause=event)


def mail_transcripts(event: Event) -> None:
    send_transcripts()


def ask_assistant(event: Event) -> None:
    """A person or a rule asked for a suggestion on the newest message."""
    newest = Message.objects.filter(ticket_id=event.ticket_id or 0, direction="in", public=True).order_by("-id").first()
    if newest is not None:
        consider(newest, cause=event, again=True)


def send_message(event: Event) -> None:
    """Now, or by a job of its own when the pause to undo is over."""
    message = Message.objects.filter(pk=event.subject_id or 0).first()
    if message is None:
        return
    if event.actor_kind == "agent":
        settle.answered_by_person(message)
    pause = (message.send_after or now()) - now()
    if pause > timedelta(0):
        defer(SEND_PAUSED, after=pause, message=message.pk)
    else:
        send(message.pk)
        settle.conclude()


def write_down(event: Event) -> None:
    """A call was recorded: what it says, where an engine hears."""
    transcribe(event.subject_id or 0, cause=event)


def sum_up_talk(event: Event) -> None:
    """What was said is known: what it is about, what matters, what is to be done."""
    sum_up(event.subject_id or 0, cause=event)


def mail_approvers(event: Event) -> None:
    ask_approvers()


def confirm(event: Event) -> None:
    """Whoever filled in a form hears that it came in."""
    confirm_due()


def bulk(event: Event) -> None:
    """A bulk edit, or its undoing, in slices of a few seconds: a job of its own for each."""
    go_on_with(event.subject_id or 0)


def tell_affected(event: Event) -> None:
    """A person approved a text for everybody who is affected: in slices, too."""
    go_on_telling(event.subject_id or 0)


def push_issue(event: Event) -> None:
    """Somebody wants something at an issue tracker."""
    push_due()


def index(event: Event) -> None:
    if event.subject_id:
        index_article(event.subject_id, embedder())


def hold_against(event: Event) -> None:
    """The customer disputed or reopened what the assistant had answered alone."""
    if ticket := Ticket.objects.filter(pk=event.ticket_id or 0).first():
        settle.count_against(ticket, str(event.data.get("why") or "The customer said that it did not help"))


def hold_undone_against(event: Event) -> None:
    """A person took back what the assistant had done alone."""
    settle.count_undone(event.subject_id or 0)


def weigh_licence(event: Event) -> None:
    """A grade says wrong: perhaps it was one too many for the licence."""
    run = Run.objects.select_related("licence").filter(pk=event.data["run"]).first()
    if run is not None:
        weigh(run)


def learn_from(event: Event) -> None:
    """A resolved ticket becomes something to learn from."""
    if event.ticket_id:
        learn(event.ticket_id)


def ask_person(event: Event) -> None:
    """A tool waits for somebody's word, or no longer does."""
    if event.ticket_id and event.subject_id:
        ask_for_word(event.ticket_id, event.subject_id, cause=event)


def review_clocks(event: Event, beyond: int = 0) -> None:
    """Another calendar or policy: every clock is reckoned from the start, a batch of tickets at a time."""
    last = review(event, beyond)
    if last is not None:
        defer(REVIEW_CLOCKS, event=event.pk, beyond=last)


FOLLOWERS: dict[str, tuple[str, ...]] = {
    "raw.arrived": ("accept",),
    "raw.replayed": ("accept",),
    "message.received": ("meet_visitor", "decide", "confirm"),
    "message.queued": ("send", "rules"),
    "message.receipt": ("send",),
    "message.tried_again": ("send",),
    "ticket.person_asked": ("to_a_person", "rules"),
    "call.asked": ("send",),
    "call.recorded": ("write_down",),
    "call.understood": ("sum_up",),
    "message.sent": ("look_back",),
    "message.edited": ("reconsider",),
    "message.taken_back": ("reconsider",),
    "message.put_back": ("reconsider",),
    "assistant.asked": ("ask_assistant",),
    "chat.transcript": ("transcripts",),
    "article.published": ("index",),
    "ticket.closed": ("learn",),
    "approval.asked": ("ask_approvers",),
    "approval.delegated": ("ask_approvers",),
    "bulk.started": ("bulk",),
    "bulk.undone": ("bulk",),
    **dict.fromkeys(ABOUT_CALLS, ("ask_person",)),
    "telling.started": ("tell",),
    "issue.asked": ("push_issue",),
    "ticket.changed": ("rules",),
    "ticket.assigned": ("rules",),
    "ticket.resolved": ("rules", "follow_bug"),
    "ticket.reopened": ("rules", "follow_bug", "hold_against"),
    "ticket.confirmed": ("hold_against",),
    "assistant.graded": ("weigh",),
    "tool.undone": ("hold_undone_against",),
    "ticket.rated": ("rules",),
    "sla.asked": ("escalate",),
    "calendar.saved": ("review_clocks",),
    "policy.saved": ("review_clocks",),
}
FOLLOWERS |= {kind: (*FOLLOWERS.get(kind, ()), "notify") for kind in CONCERNS if kind != "message.received"}
"""Whom it concerns is told; of a message that comes in at the end of `decide`, when it is known whose the ticket is."""
FOR_OUTSIDE = ("rules",)
"""Followers that answer only events from outside: for the doings of rules and the assistant there is not even a job."""
ONLY_IF = {
    "notify": may_concern,
    "confirm": came_by_form,
    "follow_bug": is_bug,
    "look_back": lambda event: event.data["channel"] not in ("email", "chat"),
    "meet_visitor": lambda event: event.data["channel"] == "chat",
    "hold_against": lambda event: (
        event.actor_kind == "customer" and event.data.get("known_by", "disputed") == "disputed"
    ),
    "weigh": lambda event: event.data["verdict"] == "wrong",
}


FIRST_IF = dict.fromkeys(
    ("accept", "meet_visitor", "send"), lambda event: "chat" in (event.data.get("channel"), event.data.get("door"))
)
"""What a chat waits for goes before what nobody watches; thinking about it comes after that."""
STEPS: dict[str, Callable[[Event], None]] = {
    "accept": accept_raw,
    "look_back": look_back,
    "meet_visitor": meet_visitor,
    "transcripts": mail_transcripts,
    "to_a_person": to_a_person,
    "reconsider": reconsider_message,
    "decide": decide,
    "rules": answer_with_rules,
    "send": send_message,
    "write_down": write_down,
    "sum_up": sum_up_talk,
    "ask_assistant": ask_assistant,
    "index": index,
    "learn": learn_from,
    "hold_against": hold_against,
    "hold_undone_against": hold_undone_against,
    "weigh": weigh_licence,
    "ask_approvers": mail_approvers,
    "confirm": confirm,
    "bulk": bulk,
    "tell": tell_affected,
    "push_issue": push_issue,
    "follow_bug": follow_bug,
    "escalate": escalate,
    "review_clocks": review_clocks,
    "ask_person": ask_person,
    "notify": notify,
}
LISTENERS = dict.fromkeys(TIMED, (keep_time,))
"""What is done in the transaction of the event itself: clocks and due times are never behind."""


def begin() -> None:
    """Said at start-up by every process: from now on events have followers, and the clocks listen."""
    follow_with(FOLLOWERS, for_outside=FOR_OUTSIDE, only_if=ONLY_IF, first_if=FIRST_IF)
    listen_with(LISTENERS, by=PROMISED)


@app.task(
    name=FOLLOW,
    pass_context=True,
    retry=RetryStrategy(max_attempts=4, exponential_wait=3, retry_exceptions=[DatabaseError, OSError]),
)
def follow(context: JobContext, event: int, follower: str) -> None:
    """Lead one event to one follower. Steps are safe to repeat: a killed worker's job is run again."""
    found = event_of_job(context) or next(iter(_event(number=event)), None)
    if found:
        STEPS[follower](found)


@compiled
def _event(*, number: int) -> "QuerySet[Event]":
    return Event.objects.filter(pk=number)


@app.task(name=SEND_PAUSED, retry=RetryStrategy(max_attempts=4, exponential_wait=3))
def send_paused(message: int) -> None:
    send(message)


@app.task(name=BULK, retry=RetryStrategy(max_attempts=4, exponential_wait=3))
def go_on_with(bulk: int) -> None:
    if bulk_run.run(bulk, read_filled):
        defer(BULK, lock=f"bulk:{bulk}", bulk=bulk)


@app.task(name=TELL, retry=RetryStrategy(max_attempts=4, exponential_wait=3))
def go_on_telling(telling: int) -> None:
    if tell.run(telling):
        defer(TELL, lock=f"telling:{telling}", telling=telling)


@app.task(name=REVIEW_CLOCKS)
def review_more(event: int, beyond: int) -> None:
    review_clocks(Event.objects.get(pk=event), beyond)


@app.task(name=POST, retry=RetryStrategy(max_attempts=4, exponential_wait=3, retry_exceptions=[DatabaseError]))
def post_one(post: int) -> None:
    send_post(post)


@app.task(name=LIST)
def ask_list(inbox: int) -> None:
    """A feed is looked at; after trouble that is the next round's."""
    ask_lists.ask(inbox)
