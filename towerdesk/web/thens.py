"""The *then* of a rule as a plain form, and back: one field for each common action, JSON for what has none.

The form has an order of its own (change, give, tag, note, tell, reply, resolve, close, ask); what stands in JSON comes last.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict

from towerdesk.accounts.models import Team, User
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Intent
from towerdesk.tickets.models.ticket import PRIORITIES, TYPES

type Values = dict[str, str]

CHANGES = ("priority", "status", "type", "intent")
STATUSES = [("open", "Waiting on us"), ("pending", "Waiting on the customer"), ("hold", "Waiting on others")]
RESOLUTIONS = [
    ("solved", "solved"),
    ("information", "information given"),
    ("duplicate", "duplicate"),
    ("no_answer", "no answer"),
    ("spam", "spam"),
]
AFTER = [("wait", "and wait for the answer"), ("resolve", "and resolve it"), ("keep", "and leave the rest")]


def choices() -> dict[str, Any]:
    """Three queries: people, teams, intents."""
    people = User.objects.filter(is_active=True).exclude(role="viewer").values_list("email", "name")
    to = [(f"team:{slug}", f"Team {name}") for slug, name in Team.objects.values_list("slug", "name")]
    return {
        "priorities": PRIORITIES,
        "statuses": STATUSES,
        "types": TYPES,
        "intents": list(Intent.objects.filter(active=True).values_list("slug", "name")),
        "takers": to + [(f"user:{email}", name) for email, name in people],
        "resolutions": RESOLUTIONS,
        "afters": AFTER,
    }


def to_form(actions: Any) -> Values:
    """Field values; what no field can hold is kept as JSON in `more`."""
    values: Values = {"reply_then": "wait"}
    rest = [one for one in (actions if isinstance(actions, list) else []) if not _put(one, values)]
    if rest:
        values["more"] = json.dumps(rest, ensure_ascii=False, indent=1)
    return values


def typed(post: QueryDict, prefix: str = "") -> Values:
    """What was typed, as it was typed."""
    names = (*CHANGES, *FIELDS)
    return {name: post.get(f"{prefix}{name}", "").strip() for name in names}


def from_form(values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Raises `Invalid` when the JSON can't be read; whether the actions are good is for the verb to say."""
    said: list[dict[str, Any]] = []
    change = {name: values[name] for name in CHANGES if values.get(name)}
    if change:
        said.append({"do": "change", **change})
    if values.get("to"):
        kind, _, name = values["to"].partition(":")
        said.append({"do": "assign", kind: name})
    tags = {"add": _words(values.get("add", "")), "remove": _words(values.get("remove", ""))}
    if any(tags.values()):
        said.append({"do": "tag", **{name: words for name, words in tags.items() if words}})
    if values.get("note"):
        said.append({"do": "note", "text": values["note"]})
    if values.get("tell"):
        kind, _, name = values.get("tell_to", "").partition(":")
        urgent = {"urgent": True} if values.get("tell_urgent") else {}
        said.append({"do": "tell", **({kind: name} if name else {}), "text": values["tell"], **urgent})
    if values.get("reply"):
        said.append({"do": "reply", "text": values["reply"], "then": values.get("reply_then") or "wait"})
    if values.get("resolve"):
        note = {"note": values["resolve_note"]} if values.get("resolve_note") else {}
        said.append({"do": "resolve", "kind": values["resolve"], **note})
    said += [{"do": name} for name, word in (("close", "close"), ("ask_assistant", "ask")) if values.get(word)]
    return said + _more(values.get("more", ""))


def _more(text: str) -> list[dict[str, Any]]:
    if not text:
        return []
    try:
        said = json.loads(text)
    except ValueError:
        raise Invalid(
            "The other actions are not JSON: write for example [{“do”: “watch”, “user”: “ana@example.com”}] with straight "
            "quotation marks.",
            {"more": "Write JSON."},
        ) from None
    return said if isinstance(said, list) else [said]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _put(said: Any, values: Values) -> bool:
    """Into its fields, when they can hold all of it and are still free."""
    put = PUT.get(said.get("do", "")) if isinstance(said, dict) else None
    fresh = put({name: value for name, value in said.items() if name != "do"}) if put else None
    taken = {name for name in (fresh or {}) if values.get(name) and name != "reply_then"}
    if fresh is None or taken:
        return False
    values.update(fresh)
    return True


def _only(said: dict[str, Any], *names: str) -> bool:
    return set(said) <= set(names)


def _tags(said: dict[str, Any]) -> Values | None:
    return (
        {name: ", ".join(said[name]) for name in ("add", "remove") if said.get(name)}
        if _only(said, "add", "remove")
        else None
    )


def _reply(said: dict[str, Any]) -> Values | None:
    return {"reply": said["text"], "reply_then": said.get("then", "wait")} if _only(said, "text", "then") else None


def _resolve(said: dict[str, Any]) -> Values | None:
    if not _only(said, "kind", "note"):
        return None
    return {"resolve": said.get("kind", "solved"), "resolve_note": said.get("note", "")}


def _assign(said: dict[str, Any]) -> Values | None:
    [(kind, name)] = said.items() if len(said) == 1 else [("", "")]
    return {"to": f"{kind}:{name}"} if kind in ("user", "team") else None


def _tell(said: dict[str, Any]) -> Values | None:
    whom = [name for name in ("user", "team") if said.get(name)]
    if len(whom) != 1 or not _only(said, "user", "team", "text", "urgent"):
        return None
    told = {"tell": said["text"], "tell_to": f"{whom[0]}:{said[whom[0]]}"}
    return told | ({"tell_urgent": "on"} if said.get("urgent") else {})


PUT: dict[str, Callable[[dict[str, Any]], Values | None]] = {
    "change": lambda said: {name: str(value) for name, value in said.items()} if _only(said, *CHANGES) else None,
    "assign": _assign,
    "tag": _tags,
    "note": lambda said: {"note": said["text"]} if _only(said, "text") else None,
    "tell": _tell,
    "reply": _reply,
    "resolve": _resolve,
    "close": lambda said: None if said else {"close": "on"},
    "ask_assistant": lambda said: None if said else {"ask": "on"},
}
FIELDS = (
    "to", "add", "remove", "note", "tell_to", "tell", "tell_urgent", "reply", "reply_then", "resolve", "resolve_note",
    "close", "ask", "more",
)  # fmt: skip
