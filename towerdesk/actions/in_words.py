"""What actions do, in a few words, without a ticket at hand."""

from collections.abc import Iterable

from towerdesk.actions.vocabulary import Action, Assign, Change, Escalate, HandOff, Reply, Snooze, TagIt, word
from towerdesk.lib.text import one_line


def in_words(actions: Iterable[Action]) -> str:
    """`Give to billing, add vip`."""
    said = ", ".join(_one(action) for action in actions)
    return one_line(said[:1].upper() + said[1:], 300)


def _one(action: Action) -> str:
    match action:
        case Assign():
            return f"give to {action.user or action.team}"
        case HandOff():
            return f"hand to {action.team}"
        case Escalate():
            return f"escalate to {action.user or action.team or 'a lead'}"
        case Change():
            return ", ".join(
                f"set {name.replace('_', ' ')} to {value}" for name, value in sorted(action.values().items())
            )
        case TagIt():
            return ", ".join([*(f"add {one}" for one in action.add), *(f"take off {one}" for one in action.remove)])
        case Reply():
            return f"answer “{one_line(action.text, 60)}”"
        case Snooze():
            return f"snooze for {action.hours:g} hours" if action.hours else f"snooze until {action.moment():%Y-%m-%d}"
    return word(type(action)).replace("_", " ")
