"""A connector for tests: tools are plain functions, and fail in the ways that real ones do when told to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from towerdesk.connectors import registry
from towerdesk.connectors.contract import Account, CannotSay, Change, Preview, Result, ToolSpec
from towerdesk.connectors.models import Connection, ToolSetting


@dataclass
class FakeTool:
    """`does` makes the answer from the arguments. `goes_wrong` are errors, or functions to call, for the next calls, in
    order, `before` or after the effect. `calls` are the keys and arguments of what had an effect; by them `look_up` says
    what became of a key, unless `says_nothing`.
    """

    spec: ToolSpec
    does: Callable[[Mapping[str, Any]], Any] = dict
    goes_wrong: list[Exception | Callable[[], None]] = field(default_factory=list)
    before: bool = True
    says_nothing: bool = False
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)

    def preview(self, arguments: Mapping[str, Any]) -> Preview:
        said = ", ".join(f"{name} {value}" for name, value in arguments.items())
        changes = tuple(Change(name, "", str(value)) for name, value in arguments.items())
        return Preview(f"{self.spec.title}: {said}", changes)

    def execute(self, arguments: Mapping[str, Any], key: str) -> Result:
        if self.before:
            self._go_wrong()
        self.calls.append((key, dict(arguments)))
        result = Result(self.does(arguments), f"{self.spec.title}: done", f"{self.spec.name}-{len(self.calls)}")
        self.results[key] = result
        if not self.before:
            self._go_wrong()
        return result

    def look_up(self, key: str) -> Result | None:
        if self.says_nothing:
            raise CannotSay
        return self.results.get(key)

    def _go_wrong(self) -> None:
        trouble = self.goes_wrong.pop(0) if self.goes_wrong else None
        if isinstance(trouble, Exception):
            raise trouble
        if trouble:
            trouble()


class FakeConnector:
    """Put it in the place of a kind with `registry.put`, or let `connect` do that."""

    kind = "fake"
    title = "Fake system"
    example = ""

    def __init__(self, *tools: FakeTool) -> None:
        self.by_name = {tool.spec.name: tool for tool in tools}

    def tools(self, account: Account) -> Sequence[FakeTool]:
        return list(self.by_name.values())

    def check(self, account: Account) -> str:
        return "It answers."


def connect(slug: str, *tools: FakeTool, **settings: Any) -> Connection:
    """A connection with these tools, all switched on and free of approvals unless `settings` of `ToolSetting` say otherwise.

    Say `registry.put("fake", None)` when the test is over.
    """
    registry.put("fake", FakeConnector(*tools))
    connection = Connection.objects.create(slug=slug, name=slug.title(), kind="fake")
    for one in tools:
        said = {"enabled": True, "approval": "never"} | settings
        ToolSetting.objects.create(connection=connection, tool=one.spec.name, **said)
    return connection
