"""A sentence of an article was wrong: who was told so, and one correction to each of them, once, undone like any bulk edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef

from towerdesk.actions.bulk import start_bulk
from towerdesk.actions.models import BulkItem
from towerdesk.assistant.models import Claim, ClaimQuerySet, Corrected, Recall
from towerdesk.events.record import record
from towerdesk.knowledge.models import Article, Version
from towerdesk.knowledge.plain import plain
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.lib.locks import one_at_a_time
from towerdesk.tickets.models import Ticket

STANDS = ("todo", "done", "same", "kept")
"""Results of a bulk edit's item that mean: told, or about to be."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a version and how many people were told so, between which days."""

    version: Version
    start: int
    end: int
    people: int
    first: datetime
    last: datetime

    @property
    def text(self) -> str:
        return plain(self.version.text[self.start : self.end])

    @property
    def stands(self) -> bool:
        """Whether what readers see now says it in the same words."""
        current = self.version.article.current
        return current is not None and self.text in plain(current.text)


@dataclass(frozen=True, slots=True)
class Told:
    """One person who is to be corrected, on the newest of their tickets on which they were told."""

    person: int
    ticket: int
    starts: frozenset[int]


def sentences_told(article: Article, by: Actor) -> list[Sentence]:
    """Of all versions, the most told first."""
    claims = Claim.objects.visible_to(by).told().filter(version__article=article)
    counted = claims.values("version", "start", "end").annotate(
        people=Count("ticket__requester", distinct=True), first=Min("at"), last=Max("at")
    )
    versions = Version.objects.filter(article=article).select_related("article__current").in_bulk()
    return [
        Sentence(versions[row["version"]], row["start"], row["end"], row["people"], row["first"], row["last"])
        for row in counted.order_by("-people", "-version", "start")
    ]


def claims_of(version: Version, starts: Sequence[int], by: Actor) -> ClaimQuerySet:
    """`starts` chooses sentences of the version by where they begin; none chosen means all of it."""
    claims = Claim.objects.visible_to(by).told().filter(version=version)
    return claims.filter(start__in=starts) if starts else claims


def to_correct(version: Version, starts: Sequence[int], by: Actor) -> list[Told]:
    """Whom nobody has told yet. Somebody with several tickets is told on the newest."""
    claims = claims_of(version, starts, by).annotate(done=_corrected()).filter(done=False)
    found: dict[int, tuple[int, set[int]]] = {}
    for person, ticket, start in claims.order_by("ticket").values_list("ticket__requester", "ticket", "start"):
        _, told = found.get(person, (0, set()))
        found[person] = ticket, {*told, start}
    return [Told(person, ticket, frozenset(told)) for person, (ticket, told) in sorted(found.items())]


def draft(version: Version, starts: Sequence[int], by: Actor) -> str:
    """A letter to begin with, in the article's language: a person writes what is right, and reads it before it leaves."""
    said = claims_of(version, starts, by).values_list("start", "end").distinct().order_by("start")
    wrong = " ".join(plain(version.text[start:end]) for start, end in said)
    return LETTERS.get(version.article.language, LETTERS["en"]).replace("WRONG", _quoted(wrong))


def recall(version: Version, starts: Sequence[int], correction: str, *, by: Actor) -> Recall:
    """Queue the correction to everybody who is still to be told. It waits as long as any bulk edit can be taken back."""
    by.must("assistant.recall")
    if not correction.strip():
        raise Invalid("Write what is right: that is what they are told.")
    if GAP in correction:
        raise Invalid(f"Write what is right in the place of “{GAP}”.")
    with transaction.atomic():
        one_at_a_time(f"recall of version {version.pk}")
        people = to_correct(version, starts, by)
        if not people:
            raise Invalid("Nobody is left to be told: whoever heard it has been corrected already.")
        tickets = Ticket.objects.filter(pk__in=[one.ticket for one in people])
        bulk = start_bulk(tickets, [{"do": "reply", "text": correction, "then": "keep"}], by=by)
        spans = claims_of(version, starts, by).values_list("start", "end").distinct().order_by("start")
        wrong = " ".join(plain(version.text[start:end]) for start, end in spans)
        made = Recall.objects.create(
            version=version,
            starts=sorted({start for start, _ in spans}),
            wrong=wrong,
            correction=correction,
            bulk=bulk,
            by_name=by.name[:200],
        )
        Corrected.objects.bulk_create(
            Corrected(recall=made, person=one.person, ticket_id=one.ticket, start=start)
            for one in people
            for start in one.starts
        )
        record(
            "recall.begun",
            by=by,
            subject=made.pk,
            article=version.article.title,
            version=version.number,
            people=len(people),
            sentence=wrong[:500],
        )
    return made


GAP = "…"
LETTERS = {
    "en": "Hello {{requester.first_name}},\n\nwe told you something that was not right:\n\nWRONG\n\nRight is: …\n\n"
    "We are sorry. If this changes anything for you, just write back, and a person helps you.",
    "de": "Guten Tag {{requester.first_name}},\n\nwir haben Ihnen etwas Falsches geschrieben:\n\nWRONG\n\nRichtig ist: …\n\n"
    "Das tut uns leid. Wenn das für Sie etwas ändert, antworten Sie einfach, dann hilft Ihnen ein Mensch.",
    "fr": "Bonjour {{requester.first_name}},\n\nnous vous avons donné une information inexacte :\n\nWRONG\n\nVoici ce qui est "
    "exact : …\n\nNous en sommes désolés. Si cela change quelque chose pour vous, répondez simplement à ce message.",
    "es": "Hola, {{requester.first_name}}:\n\nle dimos una información que no era correcta:\n\nWRONG\n\nLo correcto es: …\n\n"
    "Lo sentimos. Si esto cambia algo para usted, responda a este mensaje y le atenderá una persona.",
}  # fmt: skip


def _quoted(text: str) -> str:
    return f"“{text.replace(GAP, '...')}”"


def _corrected() -> Exists:
    """Told by an earlier recall whose reply still stands; one that was undone or failed counts for nothing."""
    stands = BulkItem.objects.filter(
        bulk=OuterRef("recall__bulk"), ticket=OuterRef("ticket"), result__in=STANDS
    ).exclude(reply__delivery="withdrawn")
    told = Corrected.objects.filter(
        person=OuterRef("ticket__requester"), start=OuterRef("start"), recall__version=OuterRef("version")
    )
    return Exists(told.filter(Exists(stands)))
