"""Rules in a sentence: what actions do, without any ticket at hand."""

from collections.abc import Callable, Sequence
from typing import Any

from towerdesk.actions.vocabulary import (
    Action,
    AskAssistant,
    Assign,
    Change,
    Close,
    Note,
    Reopen,
    Reply,
    Resolve,
    TagIt,
    Tell,
    Watch,
    read_actions,
    word,
)
from towerdesk.lib.errors import Trouble
from towerdesk.lib.text import one_line


def in_words(said: Any) -> str:
    """`sets priority to high, gives it to billing`; for what can't be read, why."""
    try:
        return ", ".join(each(action) for action in read_actions(said)) or "nothing"
    except Trouble as trouble:
        return str(trouble)


def each(action: Action) -> str:
    say = SAY.get(type(action))
    return say(action) if say else word(type(action)).replace("_", " ")


def _change(action: Change) -> str:
    return ", ".join(f"sets {name.replace('_', ' ')} to {value}" for name, value in sorted(action.values().items()))


def _tag(action: TagIt) -> str:
    said = [f"adds {_tags(action.add)}"] if action.add else []
    return " and ".join([*said, f"takes off {_tags(action.remove)}"] if action.remove else said)


def _tags(words: Sequence[str]) -> str:
    return f"the tag{'s' if len(words) > 1 else ''} {', '.join(words)}"


SAY: dict[type[Action], Callable[[Any], str]] = {
    Change: _change,
    TagIt: _tag,
    Assign: lambda action: f"gives it to {action.user or action.team}",
    Note: lambda action: f"notes “{one_line(action.text, 40)}”",
    Reply: lambda action: f"replies “{one_line(action.text, 40)}”",
    Resolve: lambda action: f"resolves it as {action.kind.replace('_', ' ')}",
    Reopen: lambda action: "opens it again",
    Close: lambda action: "closes it",
    Watch: lambda action: f"lets {action.user or 'whoever does this'} watch it",
    Tell: lambda action: f"tells {action.user or action.team} “{one_line(action.text, 40)}”",
    AskAssistant: lambda action: "asks the assistant",
}
