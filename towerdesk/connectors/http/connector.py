"""The connector for systems that speak HTTP and JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from towerdesk.connectors.calling import call
from towerdesk.connectors.contract import (
    Account,
    CannotSay,
    Change,
    FateUnknown,
    NotDone,
    Preview,
    Result,
    ToolSpec,
)
from towerdesk.connectors.given import fitting_all
from towerdesk.connectors.http.answers import meaning_of, result_of, why_not
from towerdesk.connectors.http.description import Description, LookUpIs, ToolIs, described
from towerdesk.connectors.http.templates import body, path, query, text
from towerdesk.connectors.mapping import dig, drawn
from towerdesk.lib.ask import Said
from towerdesk.lib.errors import Invalid, Unavailable

EXAMPLE = """\
base: https://api.example.com/v1
headers:
  Authorization: Bearer {secret.token}
check: /ping
key: Idempotency-Key

tools:
  - name: get_order
    title: Look up an order
    effect: read
    path: /orders/{order}
    arguments:
      order: {title: Order number, pattern: "[0-9]+"}
    person: result.mail
    gives:
      order: {path: id}
      mail: {path: customer.email}
      status: {}
    sentence: "Order {result.order} is {result.status}"
"""


class HttpConnector:
    kind = "http"
    title = "HTTP and JSON"
    example = EXAMPLE

    def tools(self, account: Account) -> Sequence["HttpTool"]:
        system = described(account.settings)
        return [HttpTool(tool, system, account, tool.spec_in(system)) for tool in system.tools]

    def check(self, account: Account) -> str:
        system = described(account.settings)
        if not system.check:
            return "Nothing is said that could be tried: give the description a `check`."
        try:
            said = call(account.slug, "GET", system.base + system.check, account, headers=_headers(system, account))
        except (NotDone, FateUnknown) as error:
            raise Unavailable(str(error)) from None
        if not 200 <= said.status < 300:
            raise Unavailable(f"It answers {said.status}: {why_not(said, system.error) or 'no reason is given'}.")
        return f"It answers ({said.status})."


@dataclass(frozen=True, slots=True)
class HttpTool:
    described: ToolIs
    system: Description
    account: Account
    spec: ToolSpec

    def preview(self, arguments: Mapping[str, Any]) -> Preview:
        told = self.described.preview
        if told is None:
            return Preview(self.spec.title, tuple(Change(name, "", str(value)) for name, value in arguments.items()))
        was = self._read(told.read, drawn(told.arguments, argument=arguments)) if told.read else None
        known = dict(arguments) | flat("was", was)
        changes = [Change(what, text(one.was, known), text(one.now, known)) for what, one in told.changes.items()]
        return Preview(text(told.sentence, known), tuple(one for one in changes if one.was != one.now))

    def execute(self, arguments: Mapping[str, Any], key: str) -> Result:
        said = self._call(arguments, key)
        meaning = meaning_of(said.status, self.described)
        if meaning == "done":
            return result_of(said.content(), self.described, arguments)
        why = why_not(said, self.system.error) or f"it answered {said.status}"
        if meaning == "unknown":
            raise FateUnknown(f"{self.spec.title}: {why}")
        raise NotDone(f"{self.spec.title}: {why}", later=meaning == "later")

    def look_up(self, key: str) -> Result | None:
        ways = self._looks_up()
        if ways is None:
            raise CannotSay
        said = self._ask(ways, key)
        if said.status in ways.missing:
            return None
        answer = said.content()
        then = dig(answer, ways.status) if ways.status else 200
        if not 200 <= said.status < 300 or not isinstance(then, int):
            raise CannotSay(f"It answers {said.status}.", later=True)
        if meaning_of(then, self.described) != "done":
            return None
        return result_of(dig(answer, ways.answer), self.described, {})

    def _looks_up(self) -> LookUpIs | None:
        return (self.described.look_up or self.system.look_up) if self.spec.idempotent else None

    def _ask(self, ways: LookUpIs, key: str) -> Said:
        url = self.system.base + path(ways.get, {"key": key})
        try:
            return call(self.spec.title, "GET", url, self.account, headers=_headers(self.system, self.account))
        except (NotDone, FateUnknown) as error:
            raise CannotSay(str(error), later=True) from None

    def _call(self, arguments: Mapping[str, Any], key: str) -> Said:
        tool = self.described
        try:
            asked = query(tool.query, arguments)
            url = self.system.base + path(tool.path, arguments) + (f"?{asked}" if asked else "")
        except ValueError as error:
            raise NotDone(f"{self.spec.title}: a value {error}.") from None
        headers = _headers(self.system, self.account)
        if carries := tool.key_in(self.system):
            headers[carries] = key
        sent = body(tool.body, arguments) if tool.body is not None else None
        seconds = self.system.seconds
        return call(self.spec.title, tool.method, url, self.account, headers=headers, json=sent, seconds=seconds)

    def _read(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """What another tool of this system shows just now."""
        other = self.system.of(name)
        reader = HttpTool(other, self.system, self.account, other.spec_in(self.system))
        try:
            return reader.execute(fitting_all(reader.spec, arguments), "").content
        except (FateUnknown, Invalid) as error:
            raise NotDone(str(error), later=True) from None


def flat(name: str, content: Any) -> dict[str, Any]:
    """Fields of fields by dotted names, for templates."""
    if not isinstance(content, Mapping):
        return {name: content}
    found: dict[str, Any] = {}
    for field, value in content.items():
        found |= flat(f"{name}.{field}", value)
    return found


def _headers(system: Description, account: Account) -> dict[str, str]:
    known = {f"secret.{name}": secret for name, secret in account.secrets.items()}
    return {"Accept": "application/json"} | {name: text(value, known) for name, value in system.headers.items()}
