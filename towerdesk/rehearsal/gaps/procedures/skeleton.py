"""A procedure that nobody has written, from what people did in the same way: a beginning, for a person to read and go on with."""

from collections.abc import Mapping, Sequence

import yaml

from towerdesk.assistant.models import Procedure
from towerdesk.assistant.procedures.compile import slug
from towerdesk.connectors.contract import ToolSpec
from towerdesk.rehearsal.gaps.procedures.calls import Lines, lines_of, risk_of
from towerdesk.rehearsal.gaps.procedures.origins import Case
from towerdesk.rehearsal.gaps.procedures.page import Change, row
from towerdesk.tickets.models import Intent

NO_INTENT = "These tickets have no intent: nothing begins it by itself until the head names one."


def skeleton(intent: Intent | None, cases: Sequence[Case], tools: Mapping[str, ToolSpec], say: str) -> Change:
    """All cases did the same in the same order. Raises `Invalid` when a tool is gone."""
    whose: dict[str, set[str]] = {"requester": {"requester"}}
    deeds = [deed.name for deed in cases[0].deeds]
    did = ", ".join(deed.words for deed in cases[0].deeds)
    made = lines_of(cases, tools, whose, {"ticket"})
    title = _title(intent, deeds, tools)
    tickets = [case.ticket for case in cases]
    text = "\n".join(
        [*_head(title, intent, deeds, tools), f"# {title}", "", _about(len(cases)), "", *_steps(made, say)]
    )
    notes = [*made.notes, *([] if intent else [NO_INTENT])]
    return Change(text, [row(f"People did this: {did}", tickets)], notes, title=title)


def _head(title: str, intent: Intent | None, deeds: Sequence[str], tools: Mapping[str, ToolSpec]) -> list[str]:
    head = {
        "key": _free(slug(title)),
        "intents": [intent.slug] if intent else [],
        "risk": risk_of([tools[name] for name in deeds if name in tools]),
    }
    return ["---", yaml.safe_dump(head, sort_keys=False, default_flow_style=None).strip(), "---", ""]


def _title(intent: Intent | None, deeds: Sequence[str], tools: Mapping[str, ToolSpec]) -> str:
    changes = [tools[name].title for name in deeds if name in tools and tools[name].effect != "read"]
    return (intent.name if intent else "") or next(iter(changes), "") or deeds[-1]


def _about(count: int) -> str:
    return f"Drafted from {count} tickets that people resolved in the same way."


def _steps(made: Lines, say: str) -> list[str]:
    needs = ["## What we need", "", *made.needs, ""] if made.needs else []
    reads = any(line.startswith("- Read") for line in made.looks)
    looks = [f"## {'Look it up' if reads else 'Find out'}", "", *made.looks, ""] if made.looks else []
    return [
        *needs,
        *looks,
        "## Do it" if made.does else "## Answer",
        "",
        *made.does,
        f"- Say: {say or 'It is done.'}",
        "",
    ]


def _free(key: str) -> str:
    taken = set(Procedure.objects.values_list("key", flat=True)) | {"new", "preview", "from-list"}
    count, wanted = 1, key or "procedure"
    while wanted in taken:
        count += 1
        wanted = f"{key[:56]}-{count}"
    return wanted
