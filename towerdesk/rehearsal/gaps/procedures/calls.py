"""A row of things that people did, as the lines that would do them again: read, ask, confirm, agree, write, check."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from towerdesk.assistant.procedures.lines import NAME
from towerdesk.connectors.contract import ToolSpec
from towerdesk.lib.errors import Invalid
from towerdesk.rehearsal.gaps.deeds import Deed
from towerdesk.rehearsal.gaps.procedures.origins import Case, origin, same

VERB = re.compile(r"^(?:get|find|list|look_up|read|fetch|search|show)_")
ASKED = "Draft from what people did: until it has shown itself, somebody agrees each time"


@dataclass(slots=True)
class Lines:
    """`looks` come before the first change, `does` from there on; `needs` are for “What we need”."""

    needs: list[str] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    does: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    customer: list[str] = field(default_factory=list)  # slots that the customer is asked for at the beginning
    agent: list[str] = field(default_factory=list)


def lines_of(
    cases: Sequence[Case],
    tools: Mapping[str, ToolSpec],
    whose: dict[str, set[str]],
    taken: set[str],
) -> Lines:
    """All cases did the same things in the same order. `whose` and `taken`: the names that are known, and may not be made.

    Raises `Invalid` when one of the tools is gone.
    """
    teller = _Teller(cases, tools, whose, set(taken) | set(whose), Lines())
    for at, deed in enumerate(cases[0].deeds):
        teller.tell(at, deed)
    return teller.finish()


def risk_of(specs: Sequence[ToolSpec]) -> str:
    """The least that the linter takes."""
    changes = [spec for spec in specs if spec.effect != "read"]
    if any(spec.amount or spec.effect == "final" for spec in changes):
        return "money"
    return "account" if changes else "information"


@dataclass(slots=True)
class _Teller:
    cases: Sequence[Case]
    tools: Mapping[str, ToolSpec]
    whose: dict[str, set[str]]
    taken: set[str]
    made: Lines
    asked_since: bool = True  # something was asked for since they said yes
    is_checked: bool = False  # the last change was read back by its tool
    unchecked: str = ""  # the last change, while nobody has looked whether it came about
    last_read: tuple[str, str] = ("", "")  # name, call

    def tell(self, at: int, deed: Deed) -> None:
        if not deed.tool:
            self._settle()
            self._say(f"- Do: {deed.text}")
            return
        spec = self.tools.get(deed.tool)
        if spec is None:
            raise Invalid(f"People used {deed.tool}, which is not connected any more.")
        if spec.effect != "read" or not self.unchecked:
            self._settle()
        call = self._call(at, deed.tool, spec)
        if spec.effect == "read":
            self._read(at, spec, call)
        else:
            self._write(at, deed.tool, spec, call)

    def finish(self) -> Lines:
        self._settle()
        asks = ([f"- Ask: {', '.join(self.made.customer)}"] if self.made.customer else []) + (
            [f"- Ask: {', '.join(self.made.agent)}"] if self.made.agent else []
        )
        self.made.looks[:0] = asks
        return self.made

    def _read(self, at: int, spec: ToolSpec, call: str) -> None:
        answers = [case.deeds[at].answer for case in self.cases]
        if not self.unchecked and (self.is_checked or self._is_known(answers)):
            return  # it is known already, or the tool itself has looked again
        wanted = VERB.sub("", spec.name.rpartition(".")[2])
        name = self._name("found" if wanted in self.taken else wanted)
        if self.unchecked:
            self.made.does += [f"- Read: {name} = {call}", f"- Check: {self._what_came_about(at, name)}"]
            self.unchecked = ""
        else:
            self._say(
                f"- Read: {name} = {call}",
                f"- Require: has({name})",
                f"- Otherwise hand over: {spec.title}: nothing was found",
            )
        self._knows(at, name)
        self.last_read = (name, call)

    def _write(self, at: int, tool: str, spec: ToolSpec, call: str) -> None:
        name = self._name("done")
        if self.asked_since:
            told = self._told(call, spec)
            self.made.does.append(f"- Confirm: We do this for you: {spec.title}{f' ({told})' if told else ''}.")
            self.asked_since = False
        self.made.does += [f"- Approve: {ASKED}", f"- Write: {name} = {call}"]
        self._knows(at, name)
        self.unchecked, self.is_checked = ("", True) if spec.read_back else (name, False)

    def _settle(self) -> None:
        """Nobody looked again: so the last look is taken again, and a person says what must be seen."""
        if not self.unchecked:
            return
        name, call = self.last_read
        if name:
            after = self._name(f"{name}_after")
            self.made.does += [f"- Read: {after} = {call}", f"- Check: has({after})"]
        else:
            self.made.does.append(f"- Check: has({self.unchecked})")
        self.made.notes.append(
            "People did not look whether the change had come about: say in the “Check” line what must hold."
        )
        self.unchecked = ""

    def _call(self, at: int, tool: str, spec: ToolSpec) -> str:
        given = []
        for argument in spec.arguments:
            values = [case.deeds[at].given.get(argument.name) for case in self.cases]
            if any(value is None for value in values):
                if argument.required or any(value is not None for value in values):
                    self.made.notes.append(
                        f"“{argument.name}” of {tool} was given on some of the tickets only: it is left out."
                    )
                continue
            found = origin(argument, at, self.cases, self.whose, self._free(argument.name))
            if found.also:
                also = ", ".join(found.also)
                self.made.notes.append(
                    f"“{argument.name}” of {tool} is {found.expression}; {also} said the same on all tickets."
                )
            if found.slot:
                self._needs(found.slot, found.need, found.whom)
            given.append(f"{argument.name}={found.expression}")
        return f"{tool}({', '.join(given)})"

    def _needs(self, slot: str, need: str, whom: str) -> None:
        self.taken.add(slot)
        self.made.needs += need.split("\n")
        self.whose[slot] = {"tool"} if whom == "record" else {whom}
        if whom == "record":
            self._say(f"- Ask: {slot}")
            self.asked_since = True
        else:
            (self.made.customer if whom == "customer" else self.made.agent).append(slot)
        if whom == "agent":
            self.made.notes.append(f"Nothing shows where “{slot}” came from: a person fills it in.")

    def _told(self, call: str, spec: ToolSpec) -> str:
        """With what: all but who they are."""
        arguments = re.findall(r"(\w+)=([A-Za-z][\w.]*)", call)
        said = [value for name, value in arguments if name != spec.person and not value.startswith("requester")]
        return ", ".join(f"{{{one}}}" for one in dict.fromkeys(said))

    def _what_came_about(self, at: int, name: str) -> str:
        """A field of what was read back that says the same on all tickets, and said something else before."""
        answers = [case.deeds[at].answer for case in self.cases]
        before = [self._before(case, at) for case in self.cases]
        first = answers[0] if isinstance(answers[0], Mapping) else {}
        for part, value in first.items():
            if not NAME.match(str(part)) or isinstance(value, Mapping | list) or value in (None, ""):
                continue
            alike = all(isinstance(answer, Mapping) and same(answer.get(part), value) for answer in answers)
            if alike and all(isinstance(was, Mapping) and not same(was.get(part), value) for was in before):
                return f'{name}.{part} is "{value}"' if isinstance(value, str) else f"{name}.{part} == {value}"
        self.made.notes.append(
            f"Nothing in {name} is the same on all tickets once it was done: say in the “Check” line what must hold."
        )
        return f"has({name})"

    def _is_known(self, answers: Sequence[Any]) -> bool:
        return any(
            all(
                name in case.known and case.known[name] == answer
                for case, answer in zip(self.cases, answers, strict=True)
            )
            for name in self.whose
        )

    def _before(self, case: Case, at: int) -> Any:
        deed = case.deeds[at]
        earlier = [one for one in case.deeds[:at] if (one.tool, one.given) == (deed.tool, deed.given)]
        return earlier[-1].answer if earlier else None

    def _knows(self, at: int, name: str) -> None:
        self.whose[name] = {"tool"}
        for case in self.cases:
            case.known[name] = case.deeds[at].answer

    def _name(self, wanted: str) -> str:
        name = self._free(wanted)
        self.taken.add(name)
        return name

    def _free(self, wanted: str) -> str:
        wanted = re.sub(r"\W", "_", wanted).strip("_") or "value"
        wanted = wanted if NAME.match(wanted) else f"the_{wanted}"
        count, name = 1, wanted
        while name in self.taken:
            count += 1
            name = f"{wanted}_{count}"
        return name

    def _say(self, *lines: str) -> None:
        """Before the first change it is still looking."""
        (self.made.does if any(line.startswith("- Write") for line in self.made.does) else self.made.looks).extend(
            lines
        )
