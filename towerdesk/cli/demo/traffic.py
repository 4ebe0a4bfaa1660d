"""Believable requests of customers, as many as wanted, the same for the same seed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from towerdesk.cli.demo.dice import Dice, dice, pick
from towerdesk.cli.demo.envelope import Attachment, as_html, photo, wrap
from towerdesk.cli.demo.facts import Intent, company
from towerdesk.cli.demo.people import Person, cast, someone
from towerdesk.cli.demo.phrases import Case, Phrases, incident, phrases
from towerdesk.cli.demo.request import Csat, Request, Says
from towerdesk.cli.demo.shop.orders import lately
from towerdesk.cli.demo.slips import slip
from towerdesk.cli.demo.slots import slots
from towerdesk.cli.demo.strays import stray
from towerdesk.cli.demo.wording import say, subject, wording

SOME_DAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OTHER_LANGUAGES = {"de": 0.122, "fr": 0.04, "es": 0.04}
OF_NEW_ORDERS, SOON = ("cancel-order", "change-address"), 0.8
REPAIRS = {
    "app-pairing", "descaling", "error-code", "grinder-setting", "leak-after-descaling", "machine-fault",
    "password-reset",
}  # fmt: skip


class Generator:
    """`Generator(seed).request()` invents the next request; nobody writes the same mail twice."""

    def __init__(self, seed: int = 1, people: tuple[Person, ...] = ()) -> None:
        self.seed = seed
        self.people = people or cast(seed)
        self.number = 0
        self.written: set[str] = set()

    def requests(self, number: int) -> Iterator[Request]:
        for _ in range(number):
            yield self.request()

    def request(self, at: datetime | None = None, intent: str = "") -> Request:
        """The next request, of a given intent or of one by its share. `at` (aware) is when it is written."""
        return self._new(lambda chance: write(chance, phrases(intent or an_intent(chance).slug), self.people, at))

    def incident(self, at: datetime | None = None) -> Request:
        """The next request of the day on which the app broke."""
        return self._new(lambda chance: write(chance, incident(), self.people, at))

    def stray(self, at: datetime | None = None, kind: str = "") -> Request:
        """The next mail that is no request we could serve: see `strays.KINDS`."""
        return self._new(lambda chance: stray(chance, self.people, at or SOME_DAY, kind))

    def _new(self, invent: Callable[[Dice], Request]) -> Request:
        """Invent again, a few times, when somebody wrote the very same already."""
        for attempt in range(8):
            request = invent(dice("request", self.seed, self.number, attempt))
            if request.words not in self.written:
                break
        self.number += 1
        self.written.add(request.words)
        return request


def an_intent(chance: Dice) -> Intent:
    intents = company().intents
    [intent] = chance.choices(intents, weights=[intent.share for intent in intents])
    return intent


def write(chance: Dice, about: Phrases, people: tuple[Person, ...], at: datetime | None) -> Request:
    """One request about this, by one of these people."""
    [case] = chance.choices(about.cases, weights=[case.weight for case in about.cases])
    language = _language(chance, case)
    person = _writer(chance, _likely(chance, about, case, people, language, at or SOME_DAY), language, case)
    facts = _facts(chance, case, language, person, at or SOME_DAY)
    mood = _mood(chance, about.intent, case)
    manner = _manner(chance, person, mood, language)
    said = say(chance, case, language, manner, facts)
    words = _signed(slip(chance, said.text, manner, language), said.sign)
    body = wrap(chance, words, person, language, facts)
    return Request(
        token=f"{chance.getrandbits(64):016x}",
        kind="request",
        intent=about.intent,
        case=case.index,
        truth_articles=_truth(case, language),
        needs_person=case.person,
        person=person,
        language=language,
        mood=mood,
        subject=subject(chance, case, language, manner, facts),
        words=words,
        body=body,
        html=as_html(body) if _writes_html(chance, person) else None,
        says=_says(chance, about, case, language, mood, facts),
        csat=_csat(chance, language, mood),
        attachments=_attachments(chance, about, case, words),
        slots=facts,
        during_incident=about is incident(),
    )


def _signed(text: str, sign: str) -> str:
    """With the name below; who types small letters does so to the end."""
    name = sign.lower() if text.islower() else sign
    return f"{text}\n\n{name}" if name else text


def _truth(case: Case, language: str) -> tuple[str, ...]:
    """The articles that help; for those who write another language, what says the same in it as well."""
    articles = company().articles
    same = [
        article.id
        for article in articles
        if article.language == language and set(article.translates) & set(case.answers)
    ]
    return (*case.answers, *same)


def _language(chance: Dice, case: Case) -> str:
    roll = chance.random()
    for language, share in OTHER_LANGUAGES.items():
        if roll < share:
            return language if case.asks.get(language) else "en"
        roll -= share
    return "en"


def _likely(
    chance: Dice, about: Phrases, case: Case, people: tuple[Person, ...], language: str, at: datetime
) -> tuple[Person, ...]:
    """Who wants an order changed has mostly just placed it."""
    if about.intent not in OF_NEW_ORDERS or not case.person or chance.random() > SOON:
        return people
    known = {person.email for person in people if language in ("en", person.language)}
    return tuple(person for person in lately(at) if person.email in known) or people


def _writer(chance: Dice, people: tuple[Person, ...], language: str, case: Case) -> Person:
    """Someone who would write in this language, from one of the case's countries if it names any."""
    if language != "en":
        people = tuple(person for person in people if person.language == language)
    from_there = tuple(person for person in people if person.country in case.countries)
    return someone(chance, from_there or people)


def _facts(chance: Dice, case: Case, language: str, person: Person, at: datetime) -> dict[str, str]:
    products = case.products if language == "en" else [name for name in case.products if name != "Kestrel"]
    return slots(chance, person, at, language, products, case.codes, case.countries)


def _mood(chance: Dice, intent: str, case: Case) -> str:
    angry = 1.0 if intent == "complaint" else 0.2 if case.person else 0.05
    [mood] = chance.choices(
        ["angry", "worried", "friendly", "calm"], weights=[angry, 0.12, 0.3, max(0.0, 0.58 - angry)]
    )
    return "angry" if intent == "complaint" else mood


def _manner(chance: Dice, person: Person, mood: str, language: str) -> str:
    """Anger goes before habit; a habit is kept three times of four."""
    if mood == "angry":
        return "angry"
    manner = person.manner if chance.random() < 0.75 else chance.choice(["plain", "chatty", "terse", "formal"])
    if mood == "friendly" and manner == "terse":
        return "plain"
    return "plain" if language != "en" and manner in ("chatty", "foreign") else manner


def _writes_html(chance: Dice, person: Person) -> bool:
    return chance.random() < {"web": 0.7, "office": 0.6, "phone": 0.3}[person.program]


def _says(chance: Dice, about: Phrases, case: Case, language: str, mood: str, facts: dict[str, str]) -> Says:
    """Facts and troubles are written down in English only; in other languages the case's details stand in."""
    words = wording(language)["says"]
    answers = about.facts if language == "en" else case.around[language].details
    troubles = about.not_solved if language == "en" else ()
    fixed = "_fixed" if _is_repair(about.intent) else ""
    thanks = pick(chance, words[f"thanks{fixed}"], facts)
    return Says(
        thanks=thanks,
        solved=thanks if chance.random() < (0.25 if mood == "angry" else 0.5) else "",
        asked_back=_joined(pick(chance, words["asked"], facts), pick(chance, answers, facts)),
        not_solved=_joined(
            pick(chance, words[f"unsolved{fixed}"], facts),
            pick(chance, troubles, facts),
            pick(chance, words["unsolved_ends"], facts),
        ),
    )


def _is_repair(intent: str) -> bool:
    """Whether something works again when it is solved, rather than being known or settled."""
    return intent in REPAIRS


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _csat(chance: Dice, language: str, mood: str) -> Csat:
    words = wording(language)["says"]
    happy = [1, 2, 6, 14, 20] if mood == "angry" else [0, 1, 3, 16, 40]
    return Csat(
        answers=chance.random() < 0.38,
        if_solved=chance.choices([1, 2, 3, 4, 5], weights=happy)[0],
        if_not=chance.choices([1, 2, 3], weights=[6, 3, 1])[0],
        comment_if_solved=pick(chance, words["good"], {}),
        comment_if_not=pick(chance, words["bad"], {}),
    )


def _attachments(chance: Dice, about: Phrases, case: Case, words: str) -> tuple[Attachment, ...]:
    promised = any(word in words.lower() for word in ("attached", "see the photo", "hängen an"))
    if promised or (about.photo and case.person and chance.random() < 0.6):
        return tuple(photo(chance) for _ in range(chance.randint(1, 3) if about.photo else 1))
    return ()
