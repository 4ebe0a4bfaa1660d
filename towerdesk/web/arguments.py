"""The arguments of a tool as a form has them: what was typed, each as its kind is written."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from towerdesk.connectors.contract import Argument, ToolSpec
from towerdesk.lib.errors import Invalid

BEFORE = "a."
"""Before an argument's name in a form."""


def typed(spec: ToolSpec, given: QueryDict) -> dict[str, str]:
    """As it stands in the fields, what was left empty left out."""
    texts = {one.name: given.get(f"{BEFORE}{one.name}", "").strip() for one in spec.arguments}
    return {name: text for name, text in texts.items() if text}


def contents(spec: ToolSpec, texts: Mapping[str, str]) -> dict[str, Any]:
    """Raises `Invalid` for a list or a record that is no JSON."""
    return {name: _content(spec.argument(name), text) for name, text in texts.items()}


def as_typed(argument: Argument, content: Any) -> str:
    if isinstance(content, dict | list):
        return json.dumps(content, ensure_ascii=False)
    if isinstance(content, bool):
        return "yes" if content else "no"
    return str(content)


def _content(argument: Argument, text: str) -> Any:
    if argument.kind in ("amount", "number"):
        return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    if argument.kind not in ("list", "record"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        wrong = "Write it as JSON."
        raise Invalid(f"{argument.title or argument.name}: write it as JSON.", {argument.name: wrong}) from None
