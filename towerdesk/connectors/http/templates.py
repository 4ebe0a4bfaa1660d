"""Templates with `{names}` in addresses and bodies. A value never becomes anything but a value."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

NAME = re.compile(r"\{([a-z][a-z0-9_.]*)\}")


class Missing(Exception):
    """A name that nothing was given for."""


def names_in(template: Any) -> set[str]:
    """Every name that a template, or a body of templates, speaks of."""
    if isinstance(template, str):
        return set(NAME.findall(template))
    if isinstance(template, Mapping):
        return set().union(*(names_in(one) for one in template.values()))
    return set().union(*(names_in(one) for one in template)) if isinstance(template, list) else set()


def path(template: str, values: Mapping[str, Any]) -> str:
    """Each value is one whole or part of a segment. Raises `ValueError` for one that would climb."""

    def segment(found: re.Match[str]) -> str:
        return quote(_text(_value(found[1], values)), safe="")

    filled = NAME.sub(segment, template)
    if any(one in (".", "..") for one in filled.split("/")):
        raise ValueError("can't be part of an address")
    return filled


def query(templates: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """What nothing was given for is left out."""
    pairs = [
        (name, _text(filled)) for name, template in templates.items() if (filled := _filled(template, values)) != ""
    ]
    return urlencode(pairs)


def body(template: Any, values: Mapping[str, Any]) -> Any:
    """`"{amount}"` alone is the value as it is, within other words it is text; what nothing was given for is left out."""
    if isinstance(template, Mapping):
        found = {name: body(one, values) for name, one in template.items() if not _lacks(one, values)}
        return {name: one for name, one in found.items() if one is not None}
    if isinstance(template, list):
        return [body(one, values) for one in template if not _lacks(one, values)]
    return _filled(template, values) if isinstance(template, str) else template


def text(template: str, values: Mapping[str, Any]) -> str:
    """A sentence for people; a name without a value stays empty."""
    return NAME.sub(lambda found: _text(values.get(found[1], "")), template)


def _lacks(template: Any, values: Mapping[str, Any]) -> bool:
    return isinstance(template, str) and any(name not in values for name in NAME.findall(template))


def _filled(template: str, values: Mapping[str, Any]) -> Any:
    if whole := NAME.fullmatch(template):
        return values.get(whole[1], "")
    return "" if _lacks(template, values) else text(template, values)


def _value(name: str, values: Mapping[str, Any]) -> Any:
    if name not in values:
        raise Missing(name)
    return values[name]


def _text(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
