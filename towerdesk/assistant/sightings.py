"""What the lookout for surges did not see itself, or saw with other eyes: it learns from that what is usual, not for days."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from time import monotonic

import numpy as np
from django.db.models import Exists, OuterRef, Q

from towerdesk.assistant.brain import heads_reading
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.models import Run
from towerdesk.assistant.understand.gist import gist
from towerdesk.knowledge.index import pack, unpack
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import Embedder, Vectors, embedder
from towerdesk.problems.models import Bug, Sighting, Surge
from towerdesk.problems.surges.join import NO_MEANS_NO
from towerdesk.problems.surges.scan import LEARNS
from towerdesk.problems.surges.space import forget
from towerdesk.problems.surges.words import lookout_embedder
from towerdesk.tickets.models import Link, Message

AT_ONCE = 5000
LOOKS_BACK = timedelta(days=1)
"""Whoever stood still for less than that has missed nothing."""
SLICE, SECONDS = 100, 5.0
"""Sightings that are made again at once, and for how long in a minute: some thousand by words, a hundred by a dear model."""
MOST_MEMBERS = 200


def looks_by() -> Embedder:
    """Whose vectors the lookout compares: the assistant's where it has learnt to read, since it makes them anyway and they
    tell more; else those of words, which cost next to nothing (decision 0057).
    """
    reads = embedder()
    return reads if heads_reading(reads).intents else lookout_embedder()


def seen_as(message: Message, run: Run | None) -> tuple[Vectors, str]:
    """What was asked, and whose vector it is; the one that the assistant has made serves where it is by the same model."""
    model = looks_by()
    if run and run.vector and model.fingerprint == embedder().fingerprint:
        return unpack(run.vector)[0], model.fingerprint
    return model.embed([gist(question_of(message))])[0], model.fingerprint


def bring_along() -> int:
    """The first run of each ticket of the last weeks; returns how many were new.

    Goes on from the newest that was seen a day ago, so that an hour of a large desk costs what a day brings, not weeks.
    """
    at = now()
    earlier = Run.objects.filter(ticket=OuterRef("ticket"), pk__lt=OuterRef("pk"))
    seen = Sighting.objects.filter(ticket=OuterRef("ticket"))
    since = at - timedelta(seconds=LEARNS)
    runs = Run.objects.filter(~Exists(earlier), ~Exists(seen), vector__isnull=False, at__gt=since, pk__gt=_done(at))
    rows = runs.order_by("id").values_list("ticket", "at", "ticket__requester", "ticket__intent", "vector")[:AT_ONCE]
    model, kept = looks_by(), {row[0]: bytes(row[4] or b"") for row in rows}
    if model.fingerprint != embedder().fingerprint:
        kept = _vectors(kept, model)
    made = [
        Sighting(ticket_id=ticket, at=at, person=who, intent_id=intent, vector=kept[ticket], model=model.fingerprint)
        for ticket, at, who, intent, _ in rows
    ]
    Sighting.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def see_again() -> int:
    """After a change of whose vectors the lookout compares: what stands is made again first, then the newest that came.

    Returns how many of the latter; a large desk is done after some minutes, and learns from what is there by then.
    """
    model, until = looks_by(), monotonic() + SECONDS
    stood = _see_what_stands(model)
    done = slice_of = _see_slice(model)
    while slice_of and monotonic() < until:
        slice_of = _see_slice(model)
        done += slice_of
    if stood or done:
        forget()
    return done


def _see_what_stands(model: Embedder) -> int:
    """Surges that more may belong to, and bugs."""
    lasts = Q(state__in=("proposed", "ongoing")) | Q(state="dismissed", decided_at__gt=now() - NO_MEANS_NO)
    surges = list(Surge.objects.filter(lasts).exclude(model=model.fingerprint))
    for surge in surges:
        members = surge.members.exclude(state="left_out").order_by("ticket_id")
        surge.centre = _middle(members.values_list("ticket_id", flat=True)[:MOST_MEMBERS], model)
        surge.model = model.fingerprint
        surge.save(update_fields=["centre", "model"])
    bugs = list(Bug.objects.filter(vector__isnull=False).exclude(model=model.fingerprint))
    for bug in bugs:
        reports = Link.objects.filter(kind="report", other=bug.ticket_id).order_by("-ticket_id")
        bug.vector = _middle(reports.values_list("ticket_id", flat=True)[:MOST_MEMBERS], model)
        bug.model = model.fingerprint
        bug.save(update_fields=["vector", "model"])
    return len(surges) + len(bugs)


def _see_slice(model: Embedder) -> int:
    rows = list(Sighting.objects.exclude(model=model.fingerprint).order_by("-at", "-ticket_id")[:SLICE])
    vectors = _vectors([row.ticket_id for row in rows], model)
    for row in rows:
        row.vector, row.model = vectors[row.ticket_id], model.fingerprint
    Sighting.objects.bulk_update(rows, ["vector", "model"])
    return len(rows)


def _middle(tickets: Iterable[int], model: Embedder) -> bytes:
    """Packed; of length below one, as the mean of what is kept is everywhere."""
    vectors = unpack(b"".join(_vectors(tickets, model).values()))
    return pack(vectors.mean(axis=0, dtype=np.float32) if len(vectors) else np.zeros(model.dimension, np.float32))


def _vectors(tickets: Iterable[int], model: Embedder) -> dict[int, bytes]:
    """Packed, of what each of them asked first; zeros, which are like nothing, where that is gone."""
    numbers = list(tickets)
    first = Message.objects.filter(ticket__in=numbers, direction="in").order_by("ticket", "id").distinct("ticket")
    asked = {message.ticket_id: gist(question_of(message)) for message in first.only("ticket", "subject", "visible")}
    vectors = model.embed([asked.get(number, "") for number in numbers])
    return {number: pack(vector) for number, vector in zip(numbers, vectors, strict=True)}


def _done(at: datetime) -> int:
    """The run up to which all are seen; 0 while that is not known."""
    last = Sighting.objects.filter(at__lt=at - LOOKS_BACK).order_by("-at").values_list("ticket", flat=True).first()
    first_run = Run.objects.filter(ticket=last).order_by("pk").values_list("pk", flat=True).first() if last else None
    return first_run or 0
