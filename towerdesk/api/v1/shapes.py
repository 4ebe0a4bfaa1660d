"""What goes in and comes out. Times are ISO 8601 with a zone; names of fields are those of the desk."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator

from towerdesk.actions.vocabulary import AnyAction
from towerdesk.api.files import FilesIn
from towerdesk.lib.text import storable

ADDRESS = r"^[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,253}$"

type Line = Annotated[str, AfterValidator(storable), Field(max_length=500)]
type Prose = Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=100_000)]
type Key = Annotated[str, AfterValidator(storable), Field(max_length=60)]
type Address = Annotated[str, AfterValidator(storable), Field(max_length=320, pattern=ADDRESS)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RequesterIn(In):
    email: Address
    name: Annotated[str, AfterValidator(storable), Field(max_length=200)] = ""


class TicketIn(In):
    """A request somebody makes. `inbox` is the address that replies leave from; left out, the desk's first one.

    `form` is the key of a form (`GET /forms`): what it demands must be there. `fields` are custom fields by key. Without
    a priority it is what the desk's matrix makes of impact and urgency, else normal; without a type it is a question.
    """

    requester: RequesterIn
    subject: Line
    text: Prose
    inbox: Address | None = None
    team: Annotated[str, Field(max_length=80)] | None = None
    priority: Literal["critical", "high", "normal", "low"] | None = None
    type: Key = ""
    product_area: Key = ""
    impact: Key = ""
    urgency: Key = ""
    form: Key = ""
    fields: Annotated[dict[Key, Any], Field(max_length=100)] = {}
    tags: Annotated[list[Annotated[str, Field(min_length=1, max_length=40)]], Field(max_length=30)] = []
    attachments: FilesIn = []


class ReplyIn(In):
    """`answers` is the id of the newest message you had read; a newer one from the customer is a conflict.

    `way` is the `key` of one of `GET /tickets/{n}/ways`; left out, it leaves by the way that the ticket is on.
    """

    text: Prose
    way: Annotated[str, AfterValidator(storable), Field(max_length=340)] = ""
    then: Literal["wait", "resolve", "keep"] = "wait"
    answers: Annotated[int, Field(gt=0, lt=2**63)] | None = None
    cc: Annotated[list[Address], Field(max_length=20)] = []
    attachments: FilesIn = []


class NextIn(In):
    """`user` is the agent's mail address."""

    user: Address


class NoteIn(In):
    text: Prose
    attachments: FilesIn = []


class ActionIn(RootModel[AnyAction]):
    """Any one action of the vocabulary."""


class Named(BaseModel):
    id: int
    name: str


class NextStep(BaseModel):
    kind: str
    sentence: str
    due: datetime | None


class TicketOut(BaseModel):
    number: int
    subject: str
    status: str
    priority: str
    type: str
    intent: str | None
    product_area: str
    impact: str
    urgency: str
    form: str
    fields: dict[str, Any]
    team: str | None
    assignee: str | None
    handler: str
    requester: Named
    organisation: Named | None
    inbox: str
    channel: str
    language: str
    mood: str
    tags: list[str]
    next_step: NextStep
    created_at: datetime
    updated_at: datetime
    first_reply_at: datetime | None
    resolved_at: datetime | None
    resolution: str
    known_by: str
    rating: int | None
    merged_into: int | None


class AttachmentOut(BaseModel):
    id: int
    name: str
    type: str
    size: int
    inline: bool


class MessageOut(BaseModel):
    """`text` is what was written this time; `full_text` also holds what was quoted."""

    id: int
    ticket: int
    direction: Literal["in", "out"]
    public: bool
    author_kind: str
    author: str
    channel: str
    subject: str
    text: str
    full_text: str
    auto: str
    delivery: str
    created_at: datetime
    sent_at: datetime | None
    attachments: list[AttachmentOut]


class EventOut(BaseModel):
    id: int
    at: datetime
    kind: str
    actor_kind: str
    actor: str
    message: int | None
    cause: int | None
    data: dict[str, Any]


class HitOut(BaseModel):
    """`marks` are [start, end] into `snippet`."""

    ticket: TicketOut
    at: datetime
    message: int | None
    snippet: str
    marks: list[tuple[int, int]]


class WayOut(BaseModel):
    """`left`: they asked for answers there themselves, and no server vouches for the address."""

    key: str
    channel: str
    inbox: str
    to: str
    left: bool


class IdentityOut(BaseModel):
    """`how` says in words what vouches for it; of what is not verified, that nobody does."""

    kind: str
    value: str
    verified: bool
    how: str


class PersonOut(BaseModel):
    """`parts` are those who were joined with them: each can be parted again by its id."""

    id: int
    name: str
    language: str
    organisation: Named | None
    identities: list[IdentityOut]
    note: str
    parts: list[Named]
    created_at: datetime


class PeopleOut(BaseModel):
    items: list[PersonOut]
    next: str | None


class AlikeOut(BaseModel):
    """Somebody who may be the same, and what speaks for it."""

    person: Named
    why: str


class JoinIn(In):
    """`person` becomes a part of the one on the path."""

    person: Annotated[int, Field(ge=1, lt=2**63)]
    why: Line = ""


class ArticleOut(BaseModel):
    id: int
    slug: str
    title: str
    language: str
    audience: str
    status: str
    text: str
    updated_at: datetime


class MeOut(BaseModel):
    kind: str
    id: int | None
    name: str
    permissions: list[str]
    teams: list[int]


class PageOut[T](BaseModel):
    """`next` goes into `?cursor=` for the page that follows; null on the last one."""

    items: list[T]
    next: str | None


class TicketsOut(PageOut[TicketOut]):
    pass


class MessagesOut(PageOut[MessageOut]):
    pass


class EventsOut(PageOut[EventOut]):
    pass


class HitsOut(PageOut[HitOut]):
    pass


class ArticlesOut(PageOut[ArticleOut]):
    pass


class BulkIn(In):
    """The same actions on many tickets: those named in `tickets`, or all that fit the filter `q`. Texts may hold placeholders."""

    actions: Annotated[list[AnyAction], Field(min_length=1, max_length=20)]
    tickets: Annotated[list[Annotated[int, Field(gt=0, lt=2**63)]], Field(max_length=50_000)] = []
    q: Annotated[str, AfterValidator(storable), Field(max_length=2000)] = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> "BulkIn":
        if bool(self.tickets) == bool(self.q.strip()):
            raise ValueError("name either tickets or a filter")
        return self


class BulkOut(BaseModel):
    """`results` says how many tickets are `todo`, `done`, `same`, `failed`, `stopped`, `undone` or `kept`."""

    id: int
    says: str
    state: str
    results: dict[str, int]
    created_at: datetime
    ended_at: datetime | None


class WhenOut(BaseModel):
    """A condition on an earlier answer: `says` is any_of, none_of, at_least, at_most, filled or empty."""

    ask: str
    says: str
    values: list[str]


class AskOut(BaseModel):
    """One thing that a form asks; `choices` are the keys that it may have, empty when any value of its kind may be. It is
    asked, and demanded, only while every one of `when` holds."""

    ask: str
    name: str
    kind: str
    required: bool
    help: str
    choices: list[str]
    when: list[WhenOut]


class FormOut(BaseModel):
    key: str
    name: str
    help: str
    asks: list[AskOut]


class PreviewOut(BaseModel):
    """What would change, one sentence each."""

    would: list[str]
