"""What is wrong with an entry, in one sentence that says what to change."""

import difflib
from typing import Any

from pydantic import BaseModel, ValidationError


def sentence(shape: type[BaseModel], error: ValidationError) -> tuple[tuple[Any, ...], str]:
    """Where in the entry, and what to do about it, without a full stop."""
    every = error.errors(include_url=False)
    first = next(
        (one for one in every if one["type"] == "extra_forbidden"), every[0]
    )  # a slip explains what is missing
    where = first["loc"]
    name = ".".join(str(step) for step in where)
    match first["type"]:
        case "missing":
            return where[:-1], f"“{name}” is missing: add it"
        case "extra_forbidden":
            return where, f"there is no “{name}” here: {_instead(shape, str(where[-1]))}"
        case "model_type" | "model_attributes_type" | "dict_type":
            return where, "an entry is written as “name: value” lines"
        case "literal_error":
            return where, f"“{name}” can be {first['ctx']['expected']}, not {first['input']!r}"
        case "string_type":
            return where, f"“{name}” is a text: put {first['input']!r} in quotation marks"
        case "value_error":
            return where, f"“{name}”: {first['msg'].removeprefix('Value error, ')}"
        case _:
            return where, f"“{name}” can't be used: {first['msg'][:1].lower()}{first['msg'][1:]}"


def _instead(shape: type[BaseModel], name: str) -> str:
    near = difflib.get_close_matches(name, shape.model_fields, 1)
    return f"did you mean “{near[0]}”" if near else f"known are {', '.join(shape.model_fields)}"
