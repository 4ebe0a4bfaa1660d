"""Read one message: what it asks for, in which language and mood, how urgent it is, and what in it calls for a person."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from towerdesk.assistant.beside import may_have
from towerdesk.assistant.brain import Heads
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.policy import WANTS_PERSON
from towerdesk.assistant.trace import Trace
from towerdesk.assistant.understand.gist import gist
from towerdesk.assistant.understand.intents import Guess
from towerdesk.assistant.understand.language import language_of
from towerdesk.assistant.understand.mood import mood_of
from towerdesk.assistant.understand.orders import why_watch_out
from towerdesk.assistant.understand.priority import priority_of
from towerdesk.lib.compiled import compiled
from towerdesk.lib.embedding import Embedder, Vectors
from towerdesk.lib.text import one_line
from towerdesk.problems.surges.hold import why_held
from towerdesk.problems.surges.words import lookout_embedder
from towerdesk.tickets.models import Attachment, Intent, Message
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.wants_person import wants_person

IN_SCOPE = 0.3
"""Below this the message is about none of the intents."""

MAY_BE = 0.08
"""The share of the vote from which an intent is one that may be meant."""

GOES_ON = "The customer wrote again after an answer"

_LEGAL = (
    r"lawyer|solicitor|attorney|legal action|court|ombudsman|gdpr|data protection authority|chargeback|small claims",
    r"(?:sue|suing) (?:you|your)|class action|trading standards|consumer protection|report you",
    r"go to the (?:press|police|media)|(?:i|we) will (?:destroy|ruin|hurt|kill|find|expose|leak|publish) ",
    r"you will regret|know where you (?:live|work)|bomb|kill (?:you|myself)",
    r"anwalt|rechtsanwalt|anwältin|gericht|klage|anzeige erstatten|verbraucherzentrale|dsgvo",
    r"avocat|tribunal|porter plainte|rgpd|abogado|denuncia|denunciar|demanda judicial",
)
LEGAL = re.compile(rf"\b(?:{'|'.join(_LEGAL)})\b", re.IGNORECASE)
FIRST_NAME = re.compile(r"[^\W\d_]{1,20}(?:['’-][^\W\d_]{1,14})?")
DANGER = re.compile(
    r"\b(electric shock|smoke|smells? of burning|burn(t|ed) (my|his|her)|fire|injur\w+|stromschlag|brand|verletzt)\b",
    re.I,
)


@dataclass(slots=True)
class Reading:
    """`caution` is a sentence when something in the message wants a person.

    `likely` are the intents that it may have, the likeliest first, also where none is likely enough to be `intent`.
    """

    text: str
    asked: "Asked"
    intent: Intent | None
    probability: float
    scope: float
    margin: float
    runners_up: list[tuple[str, float]]
    likely: list[str]
    language: str
    mood: str
    priority: str
    caution: str
    summary: str
    first_name: str

    @property
    def slug(self) -> str:
        return self.intent.slug if self.intent else ""


class Asked:
    """What was asked, as a vector: made when somebody needs it first, since that is the dearest part of a decision."""

    def __init__(self, text: str, embedder: Embedder) -> None:
        self.text, self.embedder = text, embedder
        self.made: Vectors | None = None

    @property
    def vector(self) -> Vectors:
        """float32[384]."""
        if self.made is None:
            self.made = self.embedder.embed([self.text])[0]
        return self.made


def read(
    message: Message,
    heads: Heads,
    embedder: Embedder,
    trace: Trace,
    *,
    known: Callable[[str], Intent | None] | None = None,
) -> Reading:
    """`known` finds an intent by its slug; without it those of the desk are meant."""
    text = question_of(message)
    about = gist(text)
    asked = Asked(about, embedder)
    guess = heads.intents.predict([about], asked.vector[None])[0] if heads.intents else None
    intent = (known or intent_of)(guess.label) if guess and guess.scope >= IN_SCOPE else None
    urgency, reason = priority_of(text)
    priority = intent.priority if intent and urgency == "normal" else urgency
    language = language_of(text)
    trace.say("Understood", _understood(intent, guess.probability if guess else 0.0, language, reason))
    return Reading(
        text=text,
        asked=asked,
        intent=intent,
        probability=guess.probability if guess else 0.0,
        scope=guess.scope if guess else 0.0,
        margin=guess.margin if guess else 0.0,
        runners_up=[(label, round(share, 4)) for label, share in guess.runners_up] if guess else [],
        likely=_likely(guess),
        language=language,
        mood=mood_of(text),
        priority=priority,
        caution=_caution(text, message) or _goes_on(message) or _held(message, intent, asked, heads),
        summary=_summary(message),
        first_name=_first_name(message.author_name),
    )


def _likely(guess: Guess | None) -> list[str]:
    if guess is None:
        return []
    return [guess.label, *(label for label, share in guess.runners_up if share >= MAY_BE)]


def intent_of(slug: str) -> Intent | None:
    """What the model learnt as an intent that was merged since is the one it was merged into."""
    slug = taxonomy().standing("intent", slug)
    return next(iter(_intents(slug=slug)), None)


@compiled
def _intents(*, slug: str) -> "QuerySet[Intent]":
    return Intent.objects.select_related("team").filter(slug=slug, active=True)


def _caution(text: str, message: Message) -> str:
    """What a customer writes is data: words that try to command only bring a person to the ticket."""
    if wants_person(text) or (message.pk and message.ticket.person_asked_at):
        return WANTS_PERSON
    for pattern, sentence in (
        (LEGAL, "The message speaks of legal steps or threatens"),
        (DANGER, "Somebody may be in danger"),
    ):
        if pattern.search(text):
            return sentence
    everything = f"{text}\n{message.author_name}\n{_files_of(message)}"
    return why_watch_out(everything) or _not_who_it_says(message)


def _not_who_it_says(message: Message) -> str:
    if message.trust.get("dmarc") == "fail":
        return "The sender's address is probably forged"
    if message.trust.get("newcomer"):
        return "The writer had no part in this ticket until now"
    if message.channel == "email" and message.trust.get("reply_to"):
        return "The writer asks for the answer at another address"
    return ""


def _files_of(message: Message) -> str:
    """Names only: nothing that is attached is read by anybody but people."""
    return "\n".join(_names_of_files(message=message.pk)) if message.pk and may_have(message, "files") else ""


@compiled
def _names_of_files(*, message: int) -> "QuerySet[Attachment, str]":
    return Attachment.objects.filter(message=message).order_by().values_list("name", flat=True)[:50]


def _goes_on(message: Message) -> str:
    """After an answer of ours a person goes on: the articles have had their turn."""
    if not message.pk or not may_have(message, "answers"):
        return ""
    return GOES_ON if _answers_before(ticket=message.ticket_id, number=message.pk) else ""


def _held(message: Message, intent: Intent | None, asked: Asked, heads: Heads) -> str:
    """What the articles say may not hold while many report the same trouble. Asked by what the lookout compares by."""
    if not may_have(message, "surges"):
        return ""
    if not heads.intents:
        asked = Asked(asked.text, lookout_embedder())
    return why_held(intent.pk if intent else None, lambda: asked.vector, asked.embedder.fingerprint)


@compiled
def _answers_before(*, ticket: int, number: int) -> "QuerySet[Message, int]":
    answers = Message.objects.filter(ticket=ticket, direction="out", public=True, pk__lt=number)
    return answers.exclude(delivery="withdrawn").order_by().values_list("pk", flat=True)[:1]


def _first_name(name: str) -> str:
    """What they call themselves is said back to them only when it can be nothing but a name."""
    first = name.split(" ")[0]
    return first if FIRST_NAME.fullmatch(first) else ""


def _understood(intent: Intent | None, probability: float, language: str, reason: str) -> str:
    about = f"{intent.name}, {probability:.0%} sure" if intent else "Not about anything we know"
    return "; ".join(part for part in (about, f"written in {language}" if language else "", reason) if part)


def _summary(message: Message) -> str:
    """The first sentences of what they wrote, for whoever takes over."""
    return one_line(message.visible, 240)
