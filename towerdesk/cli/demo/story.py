"""One request from its arrival to its end, as the people in it would act. Each `yield` says when they act again."""

import contextlib
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from towerdesk.accounts import actors
from towerdesk.accounts.models import User
from towerdesk.assistant.consider import consider
from towerdesk.assistant.grade import approve, audit, reject, send_edited
from towerdesk.assistant.models import Run
from towerdesk.assistant.settle import answered_by_person, conclude, count_against
from towerdesk.automation.rules import run as run_rules
from towerdesk.channels.contract import Sent
from towerdesk.channels.email.address import reply_address
from towerdesk.cli.demo.acting import INTENTS, does_what_is_asked, let_it_go_on
from towerdesk.cli.demo.colleagues import agent_for, agent_reply, ask_back, internal_note
from towerdesk.cli.demo.details import write_down
from towerdesk.cli.demo.dice import Dice, dice
from towerdesk.cli.demo.facts import company
from towerdesk.cli.demo.handoffs import passed_on
from towerdesk.cli.demo.mails import as_mail, reply_mail, vouched
from towerdesk.cli.demo.office import at_work
from towerdesk.cli.demo.request import Request
from towerdesk.cli.demo.strays import AUTOMATIC
from towerdesk.delivery.claim import claim
from towerdesk.delivery.compose import compose
from towerdesk.delivery.outcome import went_out
from towerdesk.events.models import Event
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.store import inbox_for, store
from towerdesk.lib import clock
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict
from towerdesk.tickets.assign import assign
from towerdesk.tickets.close import close
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.rate import rate
from towerdesk.tickets.reply import Then, reply
from towerdesk.tickets.resolve import resolve

type Life = Iterator[datetime]

MOST_TURNS = 3
SILENCE = timedelta(days=4)
HELPED = {"person": 0.93, "right": 0.95, "wrong": 0.1}
WRONG = (
    "Does not answer what was asked",
    "The article is about something else",
    "This needs a person",
    "Wrong product",
)


def live(request: Request) -> Life:
    chance = dice("story", request.token)
    message = arrive(_vouched(as_mail(request, _address(request), clock.now()), request), request)
    if message is None:
        return
    if request.kind in AUTOMATIC:
        yield from _put_away(request, message.ticket)
        return
    for turn in range(MOST_TURNS):
        ticket, run = message.ticket, consider(message)
        if run is None:
            break
        helped = yield from _answered(request, ticket, run, chance, turn)
        _grade_what_was_drawn(run, turn == 0 and is_right(run, request))
        _grade_moves(ticket, request)
        message = yield from _react(request, ticket, helped, chance, turn)
        if message is None:
            break
    yield from _see_to_its_end(request, ticket)


def _see_to_its_end(request: Request, ticket: Ticket) -> Life:
    """Who does not answer what was asked back is rung up in the end; who was not helped, soon."""
    ticket.refresh_from_db()
    if ticket.status == "pending":
        yield at_work(clock.now() + SILENCE)
    yield from _put_away(request, ticket)


def _put_away(request: Request, ticket: Ticket) -> Life:
    """A newsletter is closed unread; what three answers did not settle is settled on the phone."""
    yield at_work(clock.now() + timedelta(hours=2))
    ticket.refresh_from_db()
    if ticket.is_waiting:
        user = User.objects.prefetch_related("teams").get(email=agent_for(request).email)
        kind, why = (
            ("spam", "Nobody asked anything") if request.kind in AUTOMATIC else ("solved", "Settled on the phone")
        )
        resolve(ticket, why, kind=kind, by=actors.agent(user))
        close(ticket, why, by=actors.agent(user))


def arrive(mail: bytes, request: Request) -> Message | None:
    """Through the real path: stored, read, threaded, accepted."""
    domain = request.person.email.rpartition("@")[2]
    envelope = {"from": request.person.email, "to": [_address(request)], "ip": "127.0.0.1", "helo": domain}
    raw = store(mail, inbox_for([_address(request)]), door="smtp", envelope=envelope)
    accept(raw.pk)
    done = Raw.objects.select_related("message__ticket__requester").get(pk=raw.pk)
    if done.message is None or done.state not in ("ticket", "message"):
        return None
    arrived = Event.objects.of(done.message.ticket_id).get(kind="message.received", subject_id=done.message.pk)
    run_rules(arrived, done.message.ticket)
    return done.message


def _answered(request: Request, ticket: Ticket, run: Run, chance: Dice, turn: int) -> Generator[datetime, None, bool]:
    """Whoever's turn it is answers; returns whether that settled it."""
    right = turn == 0 and is_right(run, request)  # what did not help once does not help again
    if run.sent is not None:
        yield run.sent.send_after or clock.now()
        deliver(run.sent)
        conclude()
        return chance.random() < HELPED["right" if right else "wrong"]
    yield at_work(clock.now() + _patience(ticket, chance))
    user = User.objects.prefetch_related("teams").get(email=agent_for(request).email)
    by = actors.agent(user)
    ticket.refresh_from_db()
    if not ticket.is_waiting:
        return True
    if ticket.assignee_id is None and chance.random() < 0.8:
        assign(ticket, user, by=by)
        write_down(request, ticket, by=by)
    if chance.random() < 0.18:
        note(ticket, internal_note(request, by.name), by=by)
    if turn == 0:
        answers = yield from passed_on(ticket, by, dice(request.token, "handoff"))
        if answers is None:
            return True
        by = answers
    if run.kind == "action" and run.reply:
        settled, run = yield from let_it_go_on(request, run, by, chance, deliver, partial(_answers, request))
        if settled or not Ticket.objects.get(pk=ticket.pk).is_waiting:
            return settled and chance.random() < HELPED["right"]
    asks = turn == 0 and request.needs_person and chance.random() < 0.3
    if asks:
        deliver(_own_reply(ticket, run, ask_back(request, by.name), by, chance, "wait", right))
        return False
    deliver(_reply(ticket, run, request, by, chance, turn, right))
    return chance.random() < HELPED["person"]


def is_right(run: Run, request: Request) -> bool:
    """The truth that the invented request carries: which articles settle it, if any do."""
    return (
        bool(run.reply and run.evidence)
        and not request.needs_person
        and run.evidence[0]["slug"] in request.truth_articles
    )


def _reply(ticket: Ticket, run: Run, request: Request, by: Actor, chance: Dice, turn: int, right: bool) -> Message:
    """A right suggestion is sent, now and then with a polished phrase; a wrong one is replaced."""
    run.refresh_from_db()
    own = agent_reply(request, by.name, turn=turn)
    if run.state == "open" and right:
        if chance.random() < 0.12:
            return send_edited(run, run.reply.replace("Hello ", "Good day ", 1), by=by)
        return approve(run, by=by)
    if run.state == "open" and chance.random() < 0.5:
        return send_edited(run, own, by=by)
    return _own_reply(ticket, run, own, by, chance, "resolve", right)


def _own_reply(ticket: Ticket, run: Run, text: str, by: Actor, chance: Dice, then: Then, right: bool) -> Message:
    run.refresh_from_db()
    if run.state == "open" and not right:
        reject(run, chance.choice(WRONG), by=by)
    message = reply(ticket, text, by=by, then=then)
    answered_by_person(message)
    return message


def deliver(message: Message) -> None:
    """The mail is composed and claimed as always, then taken as sent: nobody in the past has a mail server."""
    with transaction.atomic():
        message = Message.objects.select_related(
            "ticket__inbox", "ticket__requester", "ticket__team", "ticket__assignee"
        ).get(pk=message.pk)
        outgoing = compose(message)
        attempt = claim(message, outgoing)
        if attempt is not None:
            went_out(message, attempt, outgoing, Sent(answer="250 taken in the past"))


def _grade_what_was_drawn(run: Run, right: bool) -> None:
    """A lead grades what nobody has graded by what they did with it: the drawn ones, and all of them."""
    lead = User.objects.prefetch_related("teams").filter(role="lead").order_by("pk").first()
    if run.kind == "answer" and run.asked and run.reply and lead is not None:
        with contextlib.suppress(Conflict):  # whoever answered has graded it
            audit(run, right, by=actors.agent(lead))


def _grade_moves(ticket: Ticket, request: Request) -> None:
    """What a procedure came to, and nobody has graded by what they did with it."""
    lead = User.objects.prefetch_related("teams").filter(role="lead").order_by("pk").first()
    if lead is None:
        return
    for run in Run.objects.current().filter(ticket=ticket, kind="action", asked=True, grade=None).exclude(reply=""):
        with contextlib.suppress(Conflict):
            audit(run, does_what_is_asked(run, request), by=actors.agent(lead))


def _react(
    request: Request, ticket: Ticket, helped: bool, chance: Dice, turn: int
) -> Generator[datetime, None, Message | None]:
    """The customer rates, thanks, stays silent, or writes again; returns their new message, if any."""
    ticket.refresh_from_db()
    yield clock.now() + timedelta(hours=chance.uniform(0.3, 30))
    ticket.refresh_from_db()
    if request.csat.answers and turn == 0 and ticket.rating is None and ticket.status in ("resolved", "closed"):
        rate(ticket, _rating(request, helped), _comment(request, helped), by=ticket.requester.actor())
        if not helped:
            count_against(ticket, "The customer said it did not help")
    if helped and not request.says.solved:
        return None
    text = request.says.solved if helped else _next_words(request, ticket)
    last = ticket.messages.filter(direction="out", public=True, delivery="sent").order_by("-pk").first()
    if not text or last is None:
        return None
    message = _answers(request, last, text)
    if helped or message is None:
        return None
    count_against(message.ticket, "The customer wrote again")
    return message


def _answers(request: Request, last: Message, text: str) -> Message | None:
    return arrive(_vouched(_answer(request, last, text), request), request)


def _vouched(mail: bytes, request: Request) -> bytes:
    """By the company's mail server, for whoever writes of what a procedure may be for."""
    return vouched(mail, request.person.email) if request.intent in INTENTS else mail


def _next_words(request: Request, ticket: Ticket) -> str:
    return request.says.asked_back if ticket.status == "pending" else request.says.not_solved


def _rating(request: Request, helped: bool) -> int:
    stars = request.csat.if_solved if helped else request.csat.if_not
    return 3 if stars >= 4 else 2 if stars == 3 else 1


def _comment(request: Request, helped: bool) -> str:
    return request.csat.comment_if_solved if helped else request.csat.comment_if_not


def _answer(request: Request, last: Message, text: str) -> bytes:
    inbox = last.ticket.inbox
    headers = {
        "Message-ID": f"<{last.message_id}>",
        "Subject": f"Re: {last.ticket.subject}",
        "From": inbox.address,
        "Reply-To": reply_address(inbox.address, last.ticket_id),
    }
    return reply_mail(request, headers, text, quoted=last.visible, at=clock.now())


def _address(request: Request) -> str:
    known = {intent.slug: intent.inbox for intent in company().intents}
    return known.get(request.intent, company().inboxes[0].address)


def _patience(ticket: Ticket, chance: Dice) -> timedelta:
    hours = {"critical": 0.3, "high": 0.8, "normal": 1.6, "low": 3.0}[ticket.priority]
    return timedelta(hours=chance.lognormvariate(0, 0.7) * hours)
