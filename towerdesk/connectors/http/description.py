"""The description of an HTTP system, as it is typed in as YAML or made from an OpenAPI document."""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from towerdesk.connectors.contract import SOURCES, TEXT, VOUCHED, Argument, Gives, ReadBack, ToolSpec, Undo
from towerdesk.connectors.http.templates import names_in
from towerdesk.connectors.written import written

type Meaning = Literal["done", "not_done", "later", "unknown"]
"""What an answer's status means: it happened; it surely did not; it did not, and may another time; nobody knows."""
type Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Status = Annotated[int, Field(ge=100, le=599)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArgumentIs(Strict):
    """`sources`: whose word is taken; everybody's unless it is said."""

    kind: Literal["text", "number", "integer", "amount", "date", "yes_no", "choice", "list", "record"] = "text"
    title: str = ""
    description: str = ""
    required: bool = True
    choices: list[str] = []
    pattern: str = ""
    sources: list[Literal["customer", "requester", "tool", "agent", "procedure"]] = []


class GivesIs(Strict):
    """`path`: where it stands in the answer; its own name unless it is said."""

    path: str = ""
    kind: Literal["text", "number", "integer", "amount", "date", "yes_no", "choice", "list", "record"] = "text"
    title: str = ""


class UndoIs(Strict):
    tool: Name
    arguments: dict[Name, str]


class ReadBackIs(Strict):
    tool: Name
    arguments: dict[Name, str]
    holds: dict[str, str] = {}


class ChangeIs(Strict):
    was: str = ""
    now: str = ""


class PreviewIs(Strict):
    """What would change, read by another tool: `{name}` is an argument, `{was.field}` a field of what was read."""

    sentence: str
    read: Name | None = None
    arguments: dict[Name, str] = {}
    changes: dict[str, ChangeIs] = {}


class LookUpIs(Strict):
    """What became of a call is asked at `get`, whose `{key}` is the key; the status `missing` says that it never came."""

    get: str
    missing: list[Status] = [404]
    status: str = ""  # the field of the answer that holds the status of then, if it does
    answer: str = ""  # and the field with the answer of then; the whole otherwise


class ToolIs(Strict):
    name: Name
    title: Annotated[str, Field(min_length=1, max_length=120)]
    description: str = ""
    effect: Literal["read", "outside", "final"]
    method: Method = "GET"
    path: Annotated[str, Field(pattern=r"^/")]
    query: dict[str, str] = {}
    body: dict[str, Any] | None = None
    arguments: dict[Name, ArgumentIs] = {}
    gives: dict[str, GivesIs] = {}
    sentence: str = ""  # of what was done; `{result.field}` is a field of what it gives
    external_id: str = ""  # a path in what it gives
    amount: str = ""
    person: str = ""
    key: str = ""  # the header that carries the idempotency key
    statuses: dict[Status, Meaning] = {}
    preview: PreviewIs | None = None
    undo: UndoIs | None = None
    read_back: ReadBackIs | None = None
    look_up: LookUpIs | None = None

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        said = names_in(self.path) | names_in(self.query) | names_in(self.body or {})
        if unknown := said - set(self.arguments):
            raise ValueError(f"there is no argument {', '.join(sorted(unknown))}")
        needed = {name for name, one in self.arguments.items() if one.required}
        if loose := names_in(self.path) - needed:
            raise ValueError(f"what stands in the path must be required: {', '.join(sorted(loose))}")
        self.spec("")
        return self

    def key_in(self, system: "Description") -> str:
        return self.key or ("" if self.effect == "read" else system.key)

    def spec(self, key: str) -> ToolSpec:
        return ToolSpec(
            name=self.name,
            title=self.title,
            description=self.description,
            arguments=tuple(argument_of(name, one, self.person) for name, one in self.arguments.items()),
            effect=self.effect,
            gives=gives_of(self.gives),
            amount=self.amount,
            person=self.person,
            undo=Undo(self.undo.tool, self.undo.arguments) if self.undo else None,
            read_back=ReadBack(self.read_back.tool, self.read_back.arguments, self.read_back.holds)
            if self.read_back
            else None,
            idempotent=bool(key),
        )


class Description(Strict):
    """`headers` may speak of secrets, as `{secret.token}`; `error` is the field of an answer that says why not."""

    base: Annotated[str, Field(pattern=r"^https?://[^/?#@]+(/[^?#]*)?$")]
    headers: dict[str, str] = {}
    error: str = "error"
    check: str = ""  # a path to try the connection at
    seconds: Annotated[float, Field(gt=0, le=60)] = 30
    look_up: LookUpIs | None = None  # for every tool with a key that has none of its own
    key: str = ""  # for every tool that changes something and says none of its own
    tools: Annotated[list[ToolIs], Field(max_length=200)] = []

    @model_validator(mode="after")
    def _tools_are_known(self) -> Self:
        names = [tool.name for tool in self.tools]
        if len(set(names)) < len(names):
            raise ValueError("two tools have the same name")
        reading = {tool.name for tool in self.tools if tool.effect == "read"}
        for tool in self.tools:
            if tool.undo and tool.undo.tool not in names:
                raise ValueError(f"{tool.name}: there is no tool {tool.undo.tool} to undo it")
            for other in (tool.read_back and tool.read_back.tool, tool.preview and tool.preview.read):
                if other and other not in reading:
                    raise ValueError(f"{tool.name}: there is no tool {other} that reads")
        return self

    @cached_property
    def specs(self) -> tuple[tuple[ToolIs, ToolSpec], ...]:
        """Each tool with what it is to everybody else; made once for each text."""
        return tuple((tool, tool.spec(tool.key_in(self))) for tool in self.tools)


def argument_of(name: str, one: ArgumentIs, person: str) -> Argument:
    """Whose data it is, a customer's text does not say, so that is what an argument for it begins with."""
    sources = frozenset(one.sources) or (VOUCHED if name == person else SOURCES)
    given = one.model_dump(exclude={"sources", "choices"})
    return Argument(name, choices=tuple(one.choices), sources=sources, **given)


def gives_of(gives: Mapping[str, GivesIs]) -> tuple[Gives, ...]:
    return tuple(Gives(name, one.kind, one.title) for name, one in gives.items())


def described(settings: Mapping[str, Any]) -> Description:
    """The description stands in the settings as the text that a person wrote, in their order and with their comments."""
    return from_yaml(str(settings.get(TEXT) or ""))


@lru_cache(maxsize=64)
def from_yaml(text: str) -> Description:
    """Read once, for it is asked for at every call. Raises `Invalid` that says where the fault is."""
    return written(Description, text)
