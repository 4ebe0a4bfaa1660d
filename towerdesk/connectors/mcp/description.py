"""What an administrator says of an MCP server, as YAML, and its own list of tools; together they make the tools."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field

from towerdesk.connectors.contract import TEXT, ReadBack, ToolSpec, Undo
from towerdesk.connectors.http.description import (
    ArgumentIs,
    GivesIs,
    Name,
    ReadBackIs,
    Strict,
    UndoIs,
    argument_of,
    gives_of,
)
from towerdesk.connectors.schemas import arguments_of, fields_of, snake
from towerdesk.connectors.written import written
from towerdesk.lib.errors import Invalid

LISTED = "listed"
"""The setting that holds the server's list: name, title, description, schemas and annotations of each tool."""
LONGEST = 500  # characters of a server's own words


class Judged(Strict):
    """What an administrator says of one tool; what is left out is as the server says it."""

    title: str = ""
    effect: Literal["read", "outside", "final"] | None = None
    arguments: dict[str, ArgumentIs] = {}  # by name; others are as listed
    gives: dict[str, GivesIs] = {}
    sentence: str = ""
    amount: str = ""
    person: str = ""
    idempotent: bool = False
    undo: UndoIs | None = None
    read_back: ReadBackIs | None = None


class McpServer(Strict):
    url: Annotated[str, Field(pattern=r"^https?://[^/?#@]+(/[^#]*)?$")]
    headers: dict[str, str] = {}
    seconds: Annotated[float, Field(gt=0, le=60)] = 30
    tools: dict[Name, Judged] = {}


class Listed(Strict):
    """A tool as the server lists it; kept as it came, so that a change of it is seen."""

    name: str
    title: str = ""
    description: str = ""
    input: dict[str, Any] = {}
    output: dict[str, Any] = {}
    reads: bool | None = None
    destroys: bool | None = None


def described(settings: Mapping[str, Any]) -> McpServer:
    return from_yaml(str(settings.get(TEXT) or ""))


@lru_cache(maxsize=64)
def from_yaml(text: str) -> McpServer:
    """Raises `Invalid` that says where the fault is."""
    return written(McpServer, text)


def specs(server: McpServer, listed: list[Listed]) -> list[tuple[Listed, ToolSpec, dict[str, str], str]]:
    """Each tool with its spec, its arguments' names as the server calls them, and its sentence."""
    found, taken = [], set[str]()
    for one in listed:
        name = snake(one.name)[:60]
        if name not in taken:
            taken.add(name)
            found.append(_spec(name, one, server.tools.get(name) or Judged()))
    return found


def _spec(name: str, one: Listed, judged: Judged) -> tuple[Listed, ToolSpec, dict[str, str], str]:
    theirs = arguments_of(one.input)
    arguments = {
        ours: judged.arguments.get(ours) or ArgumentIs.model_validate(said) for ours, (_, said) in theirs.items()
    }
    gives = judged.gives or {field: GivesIs.model_validate(said) for field, said in fields_of(one.output).items()}
    back, undo = judged.read_back, judged.undo
    try:
        spec = ToolSpec(
            name=name,
            title=(judged.title or one.title or name.replace("_", " ").capitalize())[:120],
            description=one.description[:LONGEST],
            arguments=tuple(argument_of(ours, argument, judged.person) for ours, argument in arguments.items()),
            effect=judged.effect or _hinted(one),
            gives=gives_of(gives),
            amount=judged.amount,
            person=judged.person,
            undo=Undo(undo.tool, undo.arguments) if undo else None,
            read_back=ReadBack(back.tool, back.arguments, back.holds) if back else None,
            idempotent=judged.idempotent,
        )
    except ValueError as error:
        raise Invalid(f"The description can't be used. {error}") from None
    return one, spec, {ours: said for ours, (said, _) in theirs.items()}, judged.sentence


def _hinted(one: Listed) -> Literal["read", "outside", "final"]:
    """Hints are a server's own word: good enough to begin with, and every tool is off until somebody looked at it."""
    if one.reads:
        return "read"
    return "final" if one.destroys else "outside"
