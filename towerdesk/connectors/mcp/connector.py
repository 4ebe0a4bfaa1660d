"""The connector for MCP servers. The library is an extra and imported only when a server is asked."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx2 as httpx

from towerdesk.connectors.calling import must_be_allowed
from towerdesk.connectors.contract import Account, CannotSay, Change, FateUnknown, NotDone, Preview, Result, ToolSpec
from towerdesk.connectors.http.templates import text
from towerdesk.connectors.mcp.description import LISTED, Listed, McpServer, described, specs
from towerdesk.lib import http
from towerdesk.lib.ask import to_its_end
from towerdesk.lib.errors import Trouble, Unavailable

if TYPE_CHECKING:
    from mcp import Client

MOST_TOOLS = 300
MOST_SAID = 200_000  # characters of an answer
EXAMPLE = """\
url: https://mcp.example.com/mcp
headers:
  Authorization: Bearer {secret.token}

# What you say of its tools, once they are listed; what you do not say is as the server says it.
tools: {}
"""


class McpConnector:
    kind = "mcp"
    title = "MCP server"
    example = EXAMPLE

    def tools(self, account: Account) -> Sequence["McpTool"]:
        server = described(account.settings)
        listed = [Listed.model_validate(one) for one in account.settings.get(LISTED) or []]
        return [
            McpTool(server, account, spec, one.name, names, said) for one, spec, names, said in specs(server, listed)
        ]

    def check(self, account: Account) -> str:
        found = _asked_for(described(account.settings), account, _list)
        return f"It answers, and lists {len(found)} tools."

    def listed(self, account: Account) -> Mapping[str, Any]:
        found = _asked_for(described(account.settings), account, _list)
        return {LISTED: [one.model_dump(exclude_defaults=True) for one in found]}


@dataclass(frozen=True, slots=True)
class McpTool:
    server: McpServer
    account: Account
    spec: ToolSpec
    theirs: str
    names: Mapping[str, str]
    sentence: str

    def preview(self, arguments: Mapping[str, Any]) -> Preview:
        """A server can't say what it would do; what it would be told is shown."""
        return Preview(self.spec.title, tuple(Change(name, "", str(value)) for name, value in arguments.items()))

    def execute(self, arguments: Mapping[str, Any], key: str) -> Result:
        """What was not handed over did not happen; what the tool itself calls an error did not, either."""
        given = {self.names[name]: value for name, value in arguments.items()}
        handed_over = False

        async def call(client: "Client") -> Any:
            nonlocal handed_over
            handed_over = self.spec.effect != "read"
            meta: Any = {"io.towerdesk/key": key} if key else None
            return await client.call_tool(self.theirs, given, meta=meta)

        try:
            said = to_its_end(_ask(self.server, self.account, call))
        except NotDone:
            raise
        except Exception as error:
            why = f"{self.spec.title}: {_reason(error)}"
            if handed_over and not _is_refusal(error):
                raise FateUnknown(why) from None
            raise NotDone(why, later=not _is_refusal(error)) from None
        content = _content(said)
        if said.is_error:
            raise NotDone(f"{self.spec.title}: {_words(said)[:300] or 'the tool says no'}")
        known = {f"result.{name}": value for name, value in content.items() if not isinstance(value, list | dict)}
        return Result(content, text(self.sentence, known) or f"{self.spec.title}: done")

    def look_up(self, key: str) -> Result | None:
        raise CannotSay


async def _list(client: "Client") -> list[Listed]:
    found: list[Listed] = []
    cursor = None
    while len(found) < MOST_TOOLS:
        page = await client.list_tools(cursor=cursor)
        found += [_listed(one) for one in page.tools]
        cursor = page.next_cursor
        if not cursor:
            break
    return found[:MOST_TOOLS]


def _listed(one: Any) -> Listed:
    hints = one.annotations
    return Listed(
        name=one.name,
        title=one.title or (hints.title if hints else None) or "",
        description=" ".join((one.description or "").split())[:2000],
        input=one.input_schema or {},
        output=one.output_schema or {},
        reads=hints.read_only_hint if hints else None,
        destroys=hints.destructive_hint if hints else None,
    )


def _asked_for[T](server: McpServer, account: Account, does: "Callable[[Client], Coroutine[Any, Any, T]]") -> T:
    try:
        return to_its_end(_ask(server, account, does))
    except Trouble:
        raise
    except NotDone as error:
        raise Unavailable(str(error)) from None
    except Exception as error:
        raise Unavailable(f"The MCP server does not answer as it should: {_reason(error)}") from None


async def _ask[T](server: McpServer, account: Account, does: "Callable[[Client], Coroutine[Any, Any, T]]") -> T:
    """One session for one ask, through the guarded client. An error comes out of the library's groups of them alone."""
    try:
        from mcp import Client
        from mcp.client.streamable_http import streamable_http_client
    except ImportError:
        raise NotDone("MCP servers need the extra package: install towerdesk[mcp].") from None
    private = must_be_allowed(server.url, account)
    known = {f"secret.{name}": secret for name, secret in account.secrets.items()}
    headers = {name: text(value, known) for name, value in server.headers.items()}
    try:
        async with asyncio.timeout(server.seconds), http.client(allowed=private) as line:
            line.headers.update(headers)
            line.timeout = httpx.Timeout(server.seconds, connect=5.0)
            async with Client(streamable_http_client(server.url, http_client=line)) as client:
                return await does(client)
    except BaseExceptionGroup as group:
        raise _first(group) from None


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _is_refusal(error: Exception) -> bool:
    """The server answered that it does not do this: no such tool, or arguments that it does not take."""
    from mcp.shared.exceptions import MCPError

    return isinstance(error, MCPError) and error.code in (-32600, -32601, -32602)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long."
    said = str(getattr(error, "message", "") or error).strip()
    return f"{said[:300] or type(error).__name__}"


def _content(said: Any) -> dict[str, Any]:
    """What it gives as data, else its words; never more than can be kept."""
    found = said.structured_content
    if found is None:
        return {"text": _words(said)}
    if len(json.dumps(found, default=str)) > MOST_SAID:
        raise FateUnknown("The answer is too long to be kept.")
    return found if isinstance(found, dict) else {"value": found}


def _words(said: Any) -> str:
    return "\n".join(str(part.text) for part in said.content if getattr(part, "type", "") == "text")[:MOST_SAID]
