"""Every action there is. Rules, macros, the assistant, the API and bulk edits all say these words.

Each states its permission and its effect: `inside` only, seen by the `customer`, `outside` our walls, or `final`
(cannot be undone). A new action is one class here, one function in `perform` and one in `preview`.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid

type Effect = Literal["inside", "customer", "outside", "final"]

Text = Annotated[str, Field(min_length=1, max_length=100_000)]
Name = Annotated[str, Field(min_length=1, max_length=320)]
Number = Annotated[int, Field(gt=0, lt=2**63)]
Key = Annotated[str, Field(min_length=1, max_length=60)]
Tag = Annotated[str, Field(min_length=1, max_length=40)]


class Action(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    permission: ClassVar[str]
    effect: ClassVar[Effect] = "inside"


class Reply(Action):
    """Answer the requester; the ticket then waits on the customer, is resolved, or stays as it is."""

    permission = "ticket.reply"
    effect = "customer"

    do: Literal["reply"] = "reply"
    text: Text
    then: Literal["wait", "resolve", "keep"] = "wait"


class Note(Action):
    """Write a note that only agents read."""

    permission = "ticket.note"

    do: Literal["note"] = "note"
    text: Text


class Assign(Action):
    """Give the ticket to one agent (mail address) or one team (slug)."""

    permission = "ticket.assign"

    do: Literal["assign"] = "assign"
    user: Name | None = None
    team: Name | None = None

    @model_validator(mode="after")
    def _to_one(self) -> "Assign":
        if (self.user is None) == (self.team is None):
            raise ValueError("name either a user or a team")
        return self


class Change(Action):
    """Set what the ticket is. `next_step` (a sentence) and `due_at` (with its time zone) belong together.

    `fields` holds custom fields by key, null to take one away. Impact and urgency set the priority by the matrix.
    """

    permission = "ticket.change"

    do: Literal["change"] = "change"
    priority: Literal["critical", "high", "normal", "low"] | None = None
    status: Literal["open", "pending", "hold"] | None = None
    type: Key | None = None
    impact: Key | None = None
    urgency: Key | None = None
    intent: Name | None = None
    product_area: Annotated[str, Field(max_length=60)] | None = None
    subject: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    next_step: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    due_at: AwareDatetime | None = None
    fields: Annotated[dict[Key, Any], Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _something(self) -> "Change":
        if not self.values():
            raise ValueError("say what to change")
        if (self.next_step is None) != (self.due_at is None):
            raise ValueError("a next step needs its time, and a time its next step")
        return self

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.model_fields_set - {"do"} if getattr(self, name) is not None}


class TagIt(Action):
    """Put tags on, take tags off."""

    permission = "ticket.tag"

    do: Literal["tag"] = "tag"
    add: Annotated[list[Tag], Field(max_length=30)] = []
    remove: Annotated[list[Tag], Field(max_length=30)] = []

    @model_validator(mode="after")
    def _something(self) -> "TagIt":
        if not self.add and not self.remove:
            raise ValueError("name a tag to add or to remove")
        return self


class Resolve(Action):
    """Say that it is done."""

    permission = "ticket.resolve"

    do: Literal["resolve"] = "resolve"
    note: Annotated[str, Field(max_length=10_000)] = ""
    kind: Key = "solved"


class Reopen(Action):
    """Take it up again."""

    permission = "ticket.reopen"

    do: Literal["reopen"] = "reopen"
    why: Annotated[str, Field(min_length=1, max_length=500)]


class Close(Action):
    """Close it for good."""

    permission = "ticket.close"

    do: Literal["close"] = "close"
    why: Annotated[str, Field(max_length=500)] = ""


class Merge(Action):
    """Move the whole conversation to another ticket and close this one; `unmerge` takes it back."""

    permission = "ticket.merge"

    do: Literal["merge"] = "merge"
    into: Number


class Unmerge(Action):
    """Take the ticket out of the one that it was merged into: the messages go back to where they were."""

    permission = "ticket.merge"

    do: Literal["unmerge"] = "unmerge"


class Split(Action):
    """Make a new ticket of the same requester out of some of its messages (ids)."""

    permission = "ticket.split"

    do: Literal["split"] = "split"
    messages: Annotated[list[Number], Field(min_length=1, max_length=500)]
    subject: Annotated[str, Field(max_length=500)] = ""


class LinkTo(Action):
    """Say what the ticket is to another one: a duplicate of it, a part of it, an incident of that problem …"""

    permission = "ticket.link"

    do: Literal["link"] = "link"
    to: Number
    kind: Literal["duplicate", "child", "incident", "follow_up"]


class Snooze(Action):
    """Put it out of sight `until` a moment (with its time zone) or for some `hours`; a message brings it back, too."""

    permission = "ticket.snooze"

    do: Literal["snooze"] = "snooze"
    until: AwareDatetime | None = None
    hours: Annotated[float, Field(gt=0, le=8760)] | None = None
    why: Annotated[str, Field(max_length=120)] = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> "Snooze":
        if (self.until is None) == (self.hours is None):
            raise ValueError("say either until when or for how many hours")
        return self

    def moment(self) -> datetime:
        return self.until or now() + timedelta(hours=self.hours or 0)


class Wake(Action):
    """Bring it back from its snooze."""

    permission = "ticket.snooze"

    do: Literal["wake"] = "wake"


class Checklist(Action):
    """Put points on its checklist."""

    permission = "ticket.change"

    do: Literal["checklist"] = "checklist"
    add: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=50)]


class AskApproval(Action):
    """Ask people (mail addresses) for a decision within some hours: any one of them, or all. A link is mailed to each."""

    permission = "ticket.ask_approval"
    effect = "outside"

    do: Literal["ask_approval"] = "ask_approval"
    question: Annotated[str, Field(min_length=1, max_length=500)]
    approvers: Annotated[list[Name], Field(min_length=1, max_length=20)]
    need: Literal["any", "all"] = "any"
    hours: Annotated[float, Field(gt=0, le=2160)] = 24


class HandOff(Action):
    """Hand it to another team (slug) with a reason of the list and a note; the team accepts it or sends it back."""

    permission = "ticket.hand_off"

    do: Literal["hand_off"] = "hand_off"
    team: Name
    reason: Key
    note: Annotated[str, Field(min_length=1, max_length=2000)]


class Escalate(Action):
    """Pass it up: to a lead (mail address), to the next level (a team's slug), or to a lead of the team that has it."""

    permission = "ticket.hand_off"

    do: Literal["escalate"] = "escalate"
    user: Name | None = None
    team: Name | None = None
    reason: Key
    note: Annotated[str, Field(min_length=1, max_length=2000)]

    @model_validator(mode="after")
    def _to_one(self) -> "Escalate":
        if self.user is not None and self.team is not None:
            raise ValueError("name a user or a team, not both")
        return self


class Watch(Action):
    """Let an agent (mail address; whoever acts when left out) watch it, or stop."""

    permission = "ticket.watch"

    do: Literal["watch"] = "watch"
    user: Name | None = None
    on: bool = True


class Tell(Action):
    """Tell an agent (mail address) or a team (slug), each by the ways they chose; `urgent` does not wait for the morning."""

    permission = "ticket.tell"

    do: Literal["tell"] = "tell"
    user: Name | None = None
    team: Name | None = None
    text: Annotated[str, Field(min_length=1, max_length=250)]
    urgent: bool = False

    @model_validator(mode="after")
    def _to_one(self) -> "Tell":
        if (self.user is None) == (self.team is None):
            raise ValueError("name either a user or a team")
        return self


class AskAssistant(Action):
    """Ask the assistant for a suggestion on the newest message."""

    permission = "ticket.note"

    do: Literal["ask_assistant"] = "ask_assistant"


type AnyAction = Annotated[
    Reply
    | Note
    | Assign
    | Change
    | TagIt
    | Resolve
    | Reopen
    | Close
    | Merge
    | Unmerge
    | Split
    | LinkTo
    | Snooze
    | Wake
    | Checklist
    | AskApproval
    | HandOff
    | Escalate
    | Watch
    | Tell
    | AskAssistant,
    Field(discriminator="do"),
]
ACTIONS: tuple[type[Action], ...] = (
    Reply, Note, Assign, Change, TagIt, Resolve, Reopen, Close, Merge, Unmerge, Split, LinkTo, Snooze, Wake, Checklist,
    AskApproval, HandOff, Escalate, Watch, Tell, AskAssistant,
)  # fmt: skip
_ONE: TypeAdapter[AnyAction] = TypeAdapter(AnyAction)


def read_action(said: Any) -> Action:
    """An action from its JSON form, as `{"do": "tag", "add": ["vip"]}`. Raises `Invalid` with one sentence."""
    try:
        return _ONE.validate_python(said)
    except ValidationError as error:
        raise Invalid(*_sentence(said, error)) from None


def read_actions(said: Any) -> list[Action]:
    if not isinstance(said, list):
        raise Invalid("Actions are a list, for example [{“do”: “tag”, “add”: [“vip”]}].")
    return [read_action(one) for one in said]


def word(action: type[Action]) -> str:
    """What the action is called: `reply`, `tag` …"""
    return str(action.model_fields["do"].default)


def schema() -> dict[str, Any]:
    """The JSON schema of any one action, with each one's permission and effect."""
    whole = _ONE.json_schema()
    for action in ACTIONS:
        its = whole["$defs"][action.__name__]
        its["x-permission"], its["x-effect"] = action.permission, action.effect
    return whole


def _sentence(said: Any, error: ValidationError) -> tuple[str, dict[str, str]]:
    first = error.errors(include_url=False, include_input=False)[0]
    words = [word(action) for action in ACTIONS]
    if first["type"].startswith("union_tag") or first["type"].endswith("attributes_type"):
        return f"There is no such action: “do” is one of {', '.join(words)}.", {"do": "Choose one of the list."}
    place = ".".join(str(step) for step in first["loc"][1:])
    does = said.get("do", "") if isinstance(said, dict) else ""
    trouble = first["msg"].removeprefix("Value error, ")
    where = f" at {place}" if place else ""
    return f"The action {does} can't be used{where}: {trouble}.", {place or "do": trouble}
