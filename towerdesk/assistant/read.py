"""Read one message: what it asks for, in which language and mood, how urgent it is, and what in it calls for a person."""

import re
from dataclasses import dataclass

from django.db.models import QuerySet

from towerdesk.assistant.brain import Heads
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.trace import Trace
from towerdesk.assistant.understand.language import language_of
from towerdesk.assistant.understand.mood import mood_of
from towerdesk.assistant.understand.priority import priority_of
from towerdesk.lib.compiled import compiled
from towerdesk.lib.embedding import Embedder, Vectors
from towerdesk.lib.text import one_line
from towerdesk.tickets.models import Intent, Message
from towerdesk.tickets.taxonomy import taxonomy

IN_SCOPE = 0.3
"""Below this the message is about none of the intents."""

GOES_ON = "The customer wrote again after an answer"

LEGAL = re.compile(
    r"\b(lawyer|solicitor|attorney|legal action|sue you|court|ombudsman|gdpr|data protection authority|chargeback|"
    r"anwalt|rechtsanwalt|gericht|verbraucherzentrale|avocat|tribunal|abogado|denuncia)\b",
    re.IGNORECASE,
)
DANGER = re.compile(
    r"\b(electric shock|smoke|smells? of burning|burn(t|ed) (my|his|her)|fire|injur\w+|stromschlag|brand|verletzt)\b",
    re.I,
)
PERSON = re.compile(
    r"\b(talk|speak) to (a|an actual|a real) (human|person|someone)|\breal person\b|\bno (bot|robot|machine)s?\b|"
    r"\bmit einem menschen\b|\bun humain\b|\buna persona\b",
    re.IGNORECASE,
)
ORDERS = re.compile(
    r"\b(ignore|disregard|forget) (all |any |your |the |previous |prior |above )+(instructions?|rules?|prompts?)|"
    r"\byou are now\b|\bsystem prompt\b|\bas an ai\b|\bact as (an? )?(admin|administrator|developer)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Reading:
    """`caution` is a sentence when something in the message wants a person."""

    text: str
    asked: "Asked"
    intent: Intent | None
    probability: float
    scope: float
    margin: float
    runners_up: list[tuple[str, float]]
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
        self._text, self._embedder = text, embedder
        self.made: Vectors | None = None

    @property
    def vector(self) -> Vectors:
        """float32[384]."""
        if self.made is None:
            self.made = self._embedder.embed([self._text])[0]
        return self.made


def read(message: Message, heads: Heads, embedder: Embedder, trace: Trace) -> Reading:
    text = question_of(message)
    asked = Asked(text, embedder)
    guess = heads.intents.predict([text], asked.vector[None])[0] if heads.intents else None
    intent = _intent(guess.label) if guess and guess.scope >= IN_SCOPE else None
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
        language=language,
        mood=mood_of(text),
        priority=priority,
        caution=_caution(text, message) or _goes_on(message),
        summary=_summary(message),
        first_name=message.author_name.split(" ")[0],
    )


def _intent(slug: str) -> Intent | None:
    """What the model learnt as an intent that was merged since is the one it was merged into."""
    slug = taxonomy().standing("intent", slug)
    return next(iter(_intents(slug=slug)), None)


@compiled
def _intents(*, slug: str) -> "QuerySet[Intent]":
    return Intent.objects.select_related("team").filter(slug=slug, active=True)


def _caution(text: str, message: Message) -> str:
    """What a customer writes is data: words that try to command only bring a person to the ticket."""
    for pattern, sentence in (
        (ORDERS, "The message tries to give the assistant orders"),
        (LEGAL, "The message speaks of legal steps"),
        (DANGER, "Somebody may be in danger"),
        (PERSON, "The customer asks for a person"),
    ):
        if pattern.search(text):
            return sentence
    if message.trust.get("dmarc") == "fail":
        return "The sender's address is probably forged"
    return ""


def _goes_on(message: Message) -> str:
    """After an answer of ours a person goes on: the articles have had their turn."""
    answered = message.pk and _answers_before(ticket=message.ticket_id, number=message.pk)
    return GOES_ON if answered else ""


@compiled
def _answers_before(*, ticket: int, number: int) -> "QuerySet[Message, int]":
    answers = Message.objects.filter(ticket=ticket, direction="out", public=True, pk__lt=number)
    return answers.exclude(delivery="withdrawn").order_by().values_list("pk", flat=True)[:1]


def _understood(intent: Intent | None, probability: float, language: str, reason: str) -> str:
    about = f"{intent.name}, {probability:.0%} sure" if intent else "Not about anything we know"
    return "; ".join(part for part in (about, f"written in {language}" if language else "", reason) if part)


def _summary(message: Message) -> str:
    """The first sentences of what they wrote, for whoever takes over."""
    return one_line(message.visible, 240)
