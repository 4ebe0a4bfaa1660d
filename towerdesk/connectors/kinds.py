"""Is this a value of that kind? What an argument gets is checked here, before anything leaves the desk."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from towerdesk.connectors.contract import Argument

MOST = 20_000  # characters of a text
WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def fitting(argument: Argument, content: Any) -> Any:
    """The value as JSON says it. Raises `ValueError` with the end of a sentence: "must be …"."""
    value = KINDS[argument.kind](content)
    if argument.choices and argument.kind != "list" and value not in argument.choices:
        raise ValueError(f"must be one of {', '.join(argument.choices)}")
    if argument.pattern and not re.fullmatch(argument.pattern, str(value)):
        raise ValueError("does not look as it must")
    return value


def _text(content: Any) -> str:
    if not isinstance(content, str | int | Decimal) or isinstance(content, bool):
        raise ValueError("must be a text")
    text = str(content).strip()
    if not text:
        raise ValueError("must not be empty")
    if len(text) > MOST or "\0" in text:
        raise ValueError(f"must be a text of at most {MOST} characters")
    return text


def _integer(content: Any) -> int:
    if isinstance(content, bool) or not isinstance(content, int | str) or not WHOLE_NUMBER.fullmatch(str(content)):
        raise ValueError("must be a whole number")
    return int(content)


def _number(content: Any) -> float | int:
    number = _decimal(content, "must be a number")
    return int(number) if number == number.to_integral_value() else float(number)


def _amount(content: Any) -> str:
    """Of money, never negative: what takes money the other way is another tool."""
    amount = _decimal(content, 'must be an amount such as "12.50"')
    if amount < 0 or amount >= 10**12 or amount != amount.quantize(Decimal("0.01")):
        raise ValueError('must be an amount such as "12.50"')
    return f"{amount:.2f}"


def _decimal(content: Any, else_: str) -> Decimal:
    try:
        number = Decimal(str(content).strip())
    except InvalidOperation:
        raise ValueError(else_) from None
    if isinstance(content, bool) or not number.is_finite() or abs(number.adjusted()) > 15:
        raise ValueError(else_)
    return number


def _date(content: Any) -> str:
    try:
        return date.fromisoformat(str(content)).isoformat()
    except ValueError:
        raise ValueError("must be a date such as 2026-01-31") from None


def _yes_no(content: Any) -> bool:
    if content is True or content in ("true", "yes"):
        return True
    if content is False or content in ("false", "no"):
        return False
    raise ValueError("must be yes or no")


def _list(content: Any) -> list[Any]:
    if not isinstance(content, list | tuple) or len(content) > 500:
        raise ValueError("must be a list")
    return list(content)


def _record(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
        raise ValueError("must be a record of fields")
    return dict(content)


KINDS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "choice": _text,
    "integer": _integer,
    "number": _number,
    "amount": _amount,
    "date": _date,
    "yes_no": _yes_no,
    "list": _list,
    "record": _record,
}
