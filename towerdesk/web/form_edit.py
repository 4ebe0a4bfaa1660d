"""What the screen of a form sends: its asks in order, their conditions, and the page that customers see."""

from typing import Any

from django.http import QueryDict

from towerdesk.accounts.models import Team
from towerdesk.tickets.models import Form, Intent
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.conditions import ANYTHING, BY_KIND, MOST, SAYS, in_words, list_behind
from towerdesk.tickets.taxonomy.shape_fields import BUILT_IN, kind_of

PAGE = ("language", "inbox", "sites", "files", "megabytes", "thanks")
SWITCHES = ("public", "answers")
PLAIN = ("name", "help", "type", "area")


def values_of(given: QueryDict) -> dict[str, Any]:
    """As `save_form` takes them."""
    values: dict[str, Any] = {name: given.get(name, "") for name in PLAIN}
    values["intent"] = Intent.objects.filter(slug=given.get("intent", "")).first()
    values["team"] = Team.objects.filter(slug=given.get("team", "")).first()
    values["asks"] = asks_in(given)
    if "page.there" in given:
        values["page"] = page_in(given)
    return values


def page_in(given: QueryDict) -> dict[str, Any]:
    said: dict[str, Any] = {name: given.get(f"page.{name}", "") for name in PAGE}
    return said | {name: f"page.{name}" in given for name in SWITCHES}


def asks_in(given: QueryDict) -> list[dict[str, Any]]:
    """A line with a number is asked; the numbers are the order."""
    asks = []
    for key in given.getlist("ask"):
        place = given.get(f"{key}.place", "").strip()
        if place.isdecimal() and int(place):
            required, told = f"{key}.required" in given, given.get(f"{key}.help", "")
            asks.append((int(place), {"ask": key, "required": required, "help": told, "when": _when(given, key)}))
    return [one for _, one in sorted(asks, key=lambda pair: pair[0])]


def _when(given: QueryDict, key: str) -> list[dict[str, Any]]:
    rows = []
    for number in range(MOST + 1):
        on, says = given.get(f"{key}.when.{number}.ask", ""), given.get(f"{key}.when.{number}.says", "")
        if on:
            words = given.get(f"{key}.when.{number}.values", "").split(",")
            rows.append({"ask": on, "says": says, "values": [] if says in ANYTHING else words})
    return rows


def lines(form: Form, given: QueryDict | None = None) -> list[dict[str, Any]]:
    """Everything that could be asked; what is asked comes first, in its order."""
    asked = asks_in(given) if given is not None else form.asks
    place = {one["ask"]: number for number, one in enumerate(asked, start=1)}
    said = {one["ask"]: one for one in asked}
    names = BUILT_IN | {one.key: one.name for one in taxonomy().fields.values() if not one.retired or one.key in said}
    found = [_line(key, name, place.get(key, ""), said.get(key, {}), names) for key, name in names.items()]
    return sorted(found, key=lambda line: (line["place"] == "", line["place"] or 0))


def _line(key: str, name: str, place: int | str, said: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    when = said.get("when", [])
    rows = [{**one, "values": ", ".join(one.get("values", [])).strip(", ")} for one in when][:MOST]
    known, asked = all(one["says"] in SAYS for one in when), taxonomy().fields.get(key)
    return {
        "key": key,
        "name": name,
        "kind": kind_of(key),
        "place": place,
        "required": said.get("required", False),
        "help": said.get("help", ""),
        "field_help": asked.help if asked else "",
        "rows": [*rows, *([{}] if len(rows) < MOST else [])],
        "when": when,
        "told": in_words(when, names) if when and known else "",
        "others": [(other, told) for other, told in names.items() if other != key],
    }


def ways() -> dict[str, Any]:
    """For the browser: of every ask its kind's conditions and, where it has a list, its choices."""
    known = taxonomy()
    kinds = dict.fromkeys(BUILT_IN, "choice") | {one.key: one.kind for one in known.fields.values()}
    return {key: {"says": BY_KIND.get(kind, ANYTHING), "choices": _choices(key, kind)} for key, kind in kinds.items()}


def _choices(key: str, kind: str) -> list[tuple[str, str]]:
    if kind == "check":
        return [("yes", "yes"), ("no", "no")]
    return taxonomy().choosable(list_behind(key)) if kind in ("choice", "multi") else []
