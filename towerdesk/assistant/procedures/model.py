"""A procedure as it runs: what it needs, and a graph of small typed nodes. Made by `compile`, never by hand.

The JSON schema of `Procedure` is published as docs/reference/procedure.schema.json.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

type Source = Literal["customer", "requester", "tool", "agent", "procedure"]
type Risk = Literal["information", "account", "money"]
type Kind = Literal[
    "text", "number", "integer", "amount", "date", "yes_no", "choice", "email", "phone", "address", "record"
]
type Text = dict[str, str]
"""What is said, by language (ISO 639-1); the procedure's own language is always there."""

END = ""
"""The `next` of a node after which nothing comes: the procedure is done."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Part):
    value: str
    said: tuple[str, ...] = ()  # other words for it, in any language


class Slot(_Part):
    """Something that must be known. `many`: a list of values."""

    name: str
    line: int
    kind: Kind
    many: bool = False
    optional: bool = False
    sources: tuple[Source, ...] = ("customer", "agent")
    question: Text
    pattern: str = ""  # the whole value matches this regular expression
    options: tuple[Option, ...] = ()
    among: str = ""  # an expression: the records that it is one of (or some of)
    by: tuple[str, ...] = ()  # the fields by which a record is recognised in a text
    or_only: bool = False  # when there is just one such record, it is that one
    least: float | None = None
    most: float | None = None
    default: str | None = None


class _Node(_Part):
    """`line` is the line of the document that says so; `step` the index of its heading."""

    id: str
    step: int
    line: int
    next: str = END


class Ask(_Node):
    """Ask for what is missing of these, all in one message."""

    do: Literal["ask"] = "ask"
    slots: tuple[str, ...]


class AskAgain(_Node):
    """What was said leads nowhere: forget the slot, say why, and go on at `next`, where it is asked for."""

    do: Literal["ask_again"] = "ask_again"
    slot: str
    text: Text


class Call(_Part):
    tool: str
    arguments: dict[str, str]  # name -> expression


class Read(_Node):
    do: Literal["read"] = "read"
    name: str
    call: Call


class Write(_Node):
    """`undo` is called with what is known then, should a later check or write fail."""

    do: Literal["write"] = "write"
    name: str
    call: Call
    undo: Call | None = None


class Set(_Node):
    do: Literal["set"] = "set"
    name: str
    value: str


class Branch(_Node):
    """`next` when `when` holds, `otherwise` when not."""

    do: Literal["branch"] = "branch"
    when: str
    otherwise: str = END
    guard: bool = False  # written as “Require”


class Check(_Node):
    """After a write: what must hold of the state that was read back."""

    do: Literal["check"] = "check"
    holds: str


class Each(_Node):
    """`body` once for each of `over`, called `name`; `next` afterwards."""

    do: Literal["each"] = "each"
    name: str
    over: str
    body: str = END


class Confirm(_Node):
    do: Literal["confirm"] = "confirm"
    text: Text


class Approve(_Node):
    """A person of ours agrees first, when `when` holds."""

    do: Literal["approve"] = "approve"
    why: str
    when: str = "True"


class Say(_Node):
    do: Literal["say"] = "say"
    text: Text


class Task(_Node):
    """Something that a person does by hand, and ticks off."""

    do: Literal["task"] = "task"
    text: str
    points: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()  # what they fill in


class Refuse(_Node):
    """Our rules do not allow it: say so; nothing is done."""

    do: Literal["refuse"] = "refuse"
    text: Text


class HandOver(_Node):
    do: Literal["hand_over"] = "hand_over"
    why: str


class Done(_Node):
    do: Literal["done"] = "done"


type Node = Annotated[
    Ask
    | AskAgain
    | Read
    | Write
    | Set
    | Branch
    | Check
    | Each
    | Confirm
    | Approve
    | Say
    | Task
    | Refuse
    | HandOver
    | Done,
    Field(discriminator="do"),
]

FINAL = ("refuse", "hand_over", "done")
"""What nothing comes after."""


class Step(_Part):
    """A heading with what is written below it for readers."""

    title: str
    line: int
    notes: str = ""
    first: str  # id of its first node


class Procedure(_Part):
    key: str
    title: str
    about: str = ""  # Markdown, for people
    intents: tuple[str, ...] = ()
    if_said: tuple[str, ...] = ()  # begun only when the first message says these slots
    risk: Risk = "information"
    language: str = "en"
    attempts: int = 2  # how often it asks for the same thing before a person takes over
    slots: tuple[Slot, ...] = ()
    steps: tuple[Step, ...]
    nodes: tuple[Node, ...]
    hash: str = ""  # of the text it was compiled from

    def slot(self, name: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.name == name), None)

    def node(self, at: str) -> Node:
        return next(node for node in self.nodes if node.id == at)

    def of(self, step: int) -> Iterator[Node]:
        return (node for node in self.nodes if node.step == step)

    @property
    def start(self) -> str:
        return self.steps[0].first

    @property
    def is_for_people(self) -> bool:
        """Somebody has to do some of it by hand."""
        return any(node.do == "task" for node in self.nodes)


def after(node: Node) -> tuple[str, ...]:
    """The nodes that may come next; `END` stands for being done."""
    if node.do in FINAL:
        return ()
    if node.do == "branch":
        return node.next, node.otherwise
    if node.do == "each":
        return node.body, node.next
    return (node.next,)
