"""How one thing's values are drawn from another's: a path such as `argument.order` or `result.refund.id`, or `=constant`."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


def drawn(mapping: Mapping[str, str], *, argument: Mapping[str, Any], result: Any = None) -> dict[str, Any]:
    """What is not there is left out."""
    known = {"argument": argument, "result": result}
    found = {name: _value(path, known) for name, path in mapping.items()}
    return {name: value for name, value in found.items() if value is not None}


def dig(content: Any, path: str) -> Any:
    """The value at a dotted path through objects and lists (`items.0.price`), or None."""
    for part in path.split(".") if path else []:
        if isinstance(content, Mapping):
            content = content.get(part)
        elif isinstance(content, list) and part.isdecimal() and int(part) < len(content):
            content = content[int(part)]
        else:
            return None
    return content


def leaves(content: Any) -> Iterator[Any]:
    """Every single value in it."""
    if isinstance(content, Mapping):
        for one in content.values():
            yield from leaves(one)
    elif isinstance(content, list):
        for one in content:
            yield from leaves(one)
    elif content is not None:
        yield content


def same(one: Any, other: Any) -> bool:
    """As people would say: 12 is "12.00", and capitals make no difference."""
    return plain(one) == plain(other)


def plain(value: Any) -> str:
    text = str(value).strip().casefold()
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return f"{number.normalize():f}" if number.is_finite() and not _is_a_name(text) else text


def _is_a_name(text: str) -> bool:
    """Digits that begin with a nought, or an exponent, are a number in nobody's book."""
    return "e" in text or (len(text) > 1 and text[0] == "0" and text[1].isdigit())


def _value(path: str, known: Mapping[str, Any]) -> Any:
    if path.startswith("="):
        return path[1:]
    first, _, rest = path.partition(".")
    return dig(known.get(first), rest)
