"""Write a procedure down: each save is a version; what runs does not change before it is published."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from towerdesk.assistant.models import Procedure, ProcedureVersion
from towerdesk.assistant.procedures.compile import Front, slug
from towerdesk.assistant.procedures.document import read_document
from towerdesk.assistant.procedures.faults import Faulty
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line, storable

MOST_CHARACTERS = 60_000
TAKEN = ("new", "preview", "from-list")
"""Addresses of other pages."""


def write(
    procedure: Procedure | None, text: str, tests: str = "", *, by: Actor, based_on: int | None = None
) -> Procedure:
    """A text with faults can be kept, but not published. `based_on`: the version that was read; a newer one is `Conflict`.

    Its key is made when it is first written, and stays. What changes nothing makes no version.
    """
    by.must("procedure.change")
    text, tests = storable(text).replace("\r\n", "\n"), storable(tests).replace("\r\n", "\n")
    told = head_of(text, tests)
    with transaction.atomic():
        held = Procedure.objects.select_for_update().get(pk=procedure.pk) if procedure else _new(told.key)
        newest = held.versions.first() if held.pk else None
        if based_on is not None and newest and newest.number != based_on:
            raise Conflict(f"Somebody saved version {newest.number} of “{held}” meanwhile: look at it, then change it.")
        if newest and (newest.text, newest.tests) == (text, tests):
            return held
        held.title, held.risk, held.intents, held.updated_at = told.title, told.risk, told.intents, now()
        held.save()
        made = _version(held, text, tests, by)
        record("procedure.saved", by=by, subject=held.pk, key=held.key, version=made.number)
    return held


def take_back(procedure: Procedure, number: int, *, by: Actor) -> Procedure:
    """The old text as a new version: nothing that was saved is ever lost."""
    version = procedure.versions.filter(number=number).first()
    if version is None:
        raise Invalid(f"“{procedure}” has no version {number}: choose one of the list.")
    return write(procedure, version.text, version.tests, by=by)


@dataclass(frozen=True, slots=True)
class Head:
    key: str
    title: str
    risk: str
    intents: list[str]


def head_of(text: str, tests: str = "") -> Head:
    """What a list of procedures shows of a text, however faulty the rest of it is."""
    if len(text) > MOST_CHARACTERS or len(tests) > MOST_CHARACTERS:
        raise Invalid(f"A procedure is at most {MOST_CHARACTERS:,} characters long: split it.", {"text": "Too long."})
    try:
        document = read_document(text)
    except Faulty:
        raise Invalid("The head of the page can't be read: write it between two lines of ---.") from None
    title = one_line(document.sections[0].title, 200)
    if not title:
        raise Invalid("It has no title: begin with a line such as “# Cancel an order”.", {"text": "No title."})
    try:
        front = Front(**document.front)
    except (TypeError, ValueError):
        front = Front()
    return Head(front.key or slug(title) or "procedure", title, front.risk, front.intents)


def _new(key: str) -> Procedure:
    if key in TAKEN or Procedure.objects.filter(key=key).exists():
        raise Conflict(f"There is a procedure “{key}” already: change that one, or give this one another key.")
    return Procedure(key=key)


def _version(procedure: Procedure, text: str, tests: str, by: Actor) -> ProcedureVersion:
    last = procedure.versions.aggregate(last=Max("number"))["last"] or 0
    return ProcedureVersion.objects.create(
        procedure=procedure,
        number=last + 1,
        text=text,
        tests=tests,
        author_name=by.name[:200],
        created_at=now(),
    )
