"""One mail of a customer, before it is bytes."""

from dataclasses import dataclass, field

from towerdesk.cli.demo.envelope import Attachment
from towerdesk.cli.demo.people import Person


@dataclass(frozen=True)
class Says:
    """What the customer writes next. `solved` is empty when they stay silent though all is well."""

    thanks: str
    asked_back: str
    not_solved: str
    solved: str


@dataclass(frozen=True)
class Csat:
    """Whether the question for satisfaction is answered at all, and how: stars from 1 to 5 and a comment."""

    answers: bool
    if_solved: int
    if_not: int
    comment_if_solved: str
    comment_if_not: str


@dataclass(frozen=True)
class Request:
    """One mail before it is bytes.

    `kind` is "request" or a kind of stray (`strays.KINDS`); `intent` is empty for most strays. `words` is what the
    customer wrote, `body` the same with signature, quotes and footers. `needs_person`: the public articles alone do not
    settle it. `case` is the index in the intent's phrases; `token` is unique and stable; `slots` are the facts.
    """

    token: str
    kind: str
    intent: str
    case: int
    truth_articles: tuple[str, ...]
    needs_person: bool
    person: Person
    language: str
    mood: str
    subject: str
    words: str
    body: str
    html: str | None
    says: Says
    csat: Csat
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    slots: dict[str, str] = field(default_factory=dict)
    during_incident: bool = False
