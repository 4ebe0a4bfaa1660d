"""The other arm of a rule: what people did where a procedure handed over or said no, as lines right before that rule."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from towerdesk.assistant.procedures.compile import read_procedure
from towerdesk.assistant.procedures.expressions import names
from towerdesk.assistant.procedures.model import Branch, Node
from towerdesk.assistant.procedures.model import Procedure as Graph
from towerdesk.assistant.procedures.sources import GIVEN, may_come_from
from towerdesk.connectors.contract import ToolSpec
from towerdesk.lib.errors import Invalid
from towerdesk.rehearsal.gaps.deeds import Deed, deeds_of
from towerdesk.rehearsal.gaps.procedures.calls import lines_of, risk_of
from towerdesk.rehearsal.gaps.procedures.origins import Case, value_of
from towerdesk.rehearsal.gaps.procedures.page import Change, row, with_lines, with_risk
from towerdesk.rehearsal.gaps.procedures.talks import Talk
from towerdesk.rehearsal.gaps.stumbles import Stumble

FEWEST_TICKETS = 2
MOST_VALUES = 3


def other_arm(
    text: str,
    about: Mapping[str, str],
    stumbled: Sequence[Stumble],
    talks: Sequence[Talk],
    tools: Mapping[str, ToolSpec],
    say: str,
) -> Change:
    """`say`: what people wrote to the customer in the end. Raises `Invalid` with why nothing can be drafted."""
    graph = read_procedure(text)
    rule = _rule(graph, about)
    did = deeds_of([one.run.ticket_id for one in stumbled], {one.run.ticket_id: one.at for one in stumbled})
    way, tickets = _commonest(did)
    acted = [talk for talk in talks if talk.ticket in tickets]
    when, notes = _when(rule, acted, [talk for talk in talks if talk.ticket not in tickets])
    cases = [Case(talk.ticket, talk.texts, did[talk.ticket], _known(talk)) for talk in acted]
    whose = {name: {str(one) for one in may_come_from(name, graph)} for name in cases[0].known}
    made = lines_of(cases, tools, whose, _taken(graph))
    inner = [*made.looks, *made.does, f"- Say: {say or 'It is done.'}", "- Done"]
    block = [f"- If {when}:", *(f"    {line}" for line in inner)]
    rows = [row(f"After it stopped here people did this: {', '.join(deed.words for deed in cases[0].deeds)}", tickets)]
    notes = [*notes, *made.notes, *_left(len(stumbled), len(tickets))]
    risk = risk_of([tools[name] for name in way if name in tools])
    changed = with_risk(with_lines(text, rule.line, block, made.needs), risk)
    return Change(changed, rows, notes, title=f"What people did: {about['said']}")


def _rule(graph: Graph, about: Mapping[str, str]) -> Node:
    """Where it stopped, in the text as it is now."""
    for node in graph.nodes:
        if about["when"] and isinstance(node, Branch) and node.guard and node.when == about["when"]:
            return node
        if not about["when"] and node.do == "hand_over" and node.why == about["said"]:
            return node
    raise Invalid("The procedure has no such rule any more.")


def _commonest(did: Mapping[int, Sequence[Deed]]) -> tuple[tuple[str, ...], list[int]]:
    ways = Counter(tuple(deed.name for deed in deeds) for deeds in did.values() if deeds)
    [(way, count)] = ways.most_common(1) or [((), 0)]
    if count < FEWEST_TICKETS:
        raise Invalid("On no two of these tickets people did the same afterwards, as far as the journals tell.")
    return way, sorted(ticket for ticket, deeds in did.items() if tuple(deed.name for deed in deeds) == way)


def _when(rule: Node, acted: Sequence[Talk], others: Sequence[Talk]) -> tuple[str, list[str]]:
    """What tells apart where people acted; where nothing does, whenever the rule does not hold."""
    guard = rule.when if isinstance(rule, Branch) else ""
    own = sorted(names(guard)) if guard else []
    for path in (path for path in _paths(own, acted[0].known) if path in guard):
        values = _values(path, acted)
        if "null" not in values and len(values) <= MOST_VALUES and not values & _values(path, others):
            condition = f"{path} in [{', '.join(sorted(values))}]" if len(values) > 1 else f"{path} is {values.pop()}"
            return condition if _says_all_of(guard, path) else f"{condition} and not ({guard})", []
    for path in _paths([name for name in acted[0].known if name not in own], acted[0].known):
        [value, *more] = _values(path, acted)
        if not more and others and not re.search(r"\d|null", value) and value not in _values(path, others):
            condition = f"{path} is {value}" + (f" and not ({guard})" if guard else "")
            return condition, [f"People did it where {path} was so, and not elsewhere: see whether that is the reason."]
    if not guard:
        raise Invalid("It is handed over here on purpose, and nothing tells the tickets apart where people did more.")
    return f"not ({guard})", [
        "Nothing tells apart when people did it and when not: it is done whenever the rule does not hold."
    ]


def _says_all_of(guard: str, path: str) -> bool:
    """The rule asks for one value there and nothing else, so that another value says that it does not hold."""
    return bool(re.fullmatch(rf'{re.escape(path)} (?:is|==) "[^"]*"', guard))


def _values(path: str, talks: Sequence[Talk]) -> set[str]:
    return {json.dumps(value_of(path, talk.known)) for talk in talks}


def _paths(roots: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    """Words and yes or no among what was known there: `found.status`."""
    found = [root for root in roots if isinstance(known.get(root), str | bool)]
    return found + [
        f"{root}.{name}"
        for root in roots
        if isinstance(known.get(root), Mapping)
        for name, value in known[root].items()
        if isinstance(value, str | bool) and str(name).isidentifier()
    ]


def _known(talk: Talk) -> dict[str, Any]:
    return {
        "requester": {"email": talk.run.identity},
        **{name: value for name, value in talk.known.items() if value is not None},
    }


def _taken(graph: Graph) -> set[str]:
    made = {node.name for node in graph.nodes if node.do in ("read", "write", "set", "each")}
    return made | {slot.name for slot in graph.slots} | set(GIVEN)


def _left(all_of_them: int, acted: int) -> list[str]:
    left = all_of_them - acted
    return (
        [f"On {left} more of these tickets people did something else, or nothing that a journal tells."] if left else []
    )
