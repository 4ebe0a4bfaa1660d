"""What a tool is, and what another system must do to bring some. Plain values: no ticket, person or database is known here.

Who said a value goes with it. A tool's argument says whose word it takes, and `connectors.given` holds it to that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

type Effect = Literal["read", "outside", "final"]
"""`read` changes nothing, `outside` changes something beyond our walls, `final` can't be taken back."""
type Source = Literal["customer", "requester", "tool", "agent", "procedure"]
"""Who said a value: the free text of a message; the server, which knows who writes; an earlier call's result; one of our
people; a procedure, where it is a constant or reckoned from others."""
type Kind = Literal["text", "number", "integer", "amount", "date", "yes_no", "choice", "list", "record"]
"""An amount is money, kept as a decimal string such as "12.50"; a date is ISO 8601; the others are what JSON says."""

SOURCES: frozenset[Source] = frozenset(("customer", "requester", "tool", "agent", "procedure"))
VOUCHED: frozenset[Source] = frozenset(("requester", "tool", "agent"))
"""Whose word says whose data it is: never what somebody wrote."""
RESULT = "result."
TEXT = "description"
"""The setting that holds a connection's description, as the text that a person wrote."""


@dataclass(frozen=True, slots=True)
class Value:
    """`said` is where: the id of the message, of the call (`Call.pk`) whose result holds it, or of the user."""

    content: Any
    source: Source
    said: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """`pattern` is a regular expression for the whole text, `choices` what it may be, `sources` whose word is taken."""

    name: str
    kind: Kind = "text"
    title: str = ""
    description: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()
    pattern: str = ""
    sources: frozenset[Source] = SOURCES


@dataclass(frozen=True, slots=True)
class Gives:
    """One field of a result, by a dotted path."""

    name: str
    kind: Kind = "text"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """The tool of the same connection that takes it back. Its arguments are drawn from the call, see `mapping`."""

    tool: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """The reading tool that shows whether it came about, and what must hold in its answer: its field → `mapping`."""

    tool: str
    arguments: Mapping[str, str]
    holds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """`amount` names the argument that is money. `person` says whose data it is: an argument, or `result.FIELD` of a tool
    that reads. `needs` is the permission to ask for. `idempotent`: the other system takes the same key once.
    """

    name: str
    title: str
    description: str = ""
    arguments: tuple[Argument, ...] = ()
    effect: Effect = "outside"
    gives: tuple[Gives, ...] = ()
    amount: str = ""
    person: str = ""
    needs: str = "tool.use"
    undo: Undo | None = None
    read_back: ReadBack | None = None
    idempotent: bool = False

    def __post_init__(self) -> None:
        named = {argument.name: argument for argument in self.arguments}
        if self.amount and (self.amount not in named or named[self.amount].kind not in ("amount", "number", "integer")):
            raise ValueError(f"{self.name}: its amount {self.amount!r} is no argument that is a number.")
        if self.person.startswith(RESULT):
            if self.effect != "read":
                raise ValueError(f"{self.name}: it changes something, so an argument must say whose data it is.")
        elif self.person and self.person not in named:
            raise ValueError(f"{self.name}: there is no argument {self.person!r} to say whose data it is.")
        elif self.person and not named[self.person].sources <= VOUCHED:
            raise ValueError(f"{self.name}: whose data it is may not be said by a customer's text: {self.person!r}.")

    def argument(self, name: str) -> Argument:
        return next(argument for argument in self.arguments if argument.name == name)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a diff that people read."""

    what: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen. `waits` says why it would wait for a person first; empty when it would not."""

    sentence: str
    changes: tuple[Change, ...] = ()
    waits: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """`content` is what JSON can say; `external_id` what the other system calls the thing that came about."""

    content: Any = None
    sentence: str = ""
    external_id: str = ""


class NotDone(Exception):
    """It surely did not happen. The text is a sentence for a person.

    `later`: the same call may succeed another time, or once a person has mended the connection; so nothing is known by it.
    Without it the other system has decided: there is no such thing, or it does not do this.
    """

    def __init__(self, sentence: str, *, later: bool = False) -> None:
        super().__init__(sentence)
        self.later = later


class FateUnknown(Exception):
    """The line broke after everything was handed over: nobody knows whether it happened."""


class CannotSay(Exception):
    """The other system has no way to tell what became of a key, or does not answer now (`later`)."""

    def __init__(self, sentence: str = "This system can't say what became of a call.", *, later: bool = False) -> None:
        super().__init__(sentence)
        self.later = later


@dataclass(frozen=True, slots=True)
class Account:
    """What a connector needs: plain settings, secrets opened for this one use, and the only hosts that may be reached."""

    slug: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    hosts: Sequence[str] = ()


class Tool(Protocol):
    """None of these is called inside a transaction. Arguments were checked: names, kinds, choices, sources."""

    @property
    def spec(self) -> ToolSpec: ...

    def preview(self, arguments: Mapping[str, Any]) -> Preview:
        """Changes nothing. Raises `NotDone` when it would not be taken."""
        ...

    def execute(self, arguments: Mapping[str, Any], key: str) -> Result:
        """Raises `NotDone` or `FateUnknown`; whatever else it raises counts as the latter."""
        ...

    def look_up(self, key: str) -> Result | None:
        """What became of the call with this key; None when it surely did not arrive. Raises `CannotSay`."""
        ...


class Connector(Protocol):
    """A kind of system."""

    kind: str
    title: str
    example: str  # of a description, to begin with

    def tools(self, account: Account) -> Sequence[Tool]:
        """Without asking the network. Raises `lib.errors.Invalid` when the settings make no sense."""
        ...

    def check(self, account: Account) -> str:
        """Try the connection: one sentence. Raises `lib.errors.Trouble`."""
        ...


@runtime_checkable
class Listing(Connector, Protocol):
    """A system that says itself which tools it has."""

    def listed(self, account: Account) -> Mapping[str, Any]:
        """Ask it: settings to keep, from which `tools` makes them. Raises `lib.errors.Trouble`."""
        ...
