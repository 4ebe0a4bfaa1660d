"""Arguments and fields out of JSON Schema, as OpenAPI documents and MCP servers write it. Read leniently, as plain data."""

import re
from typing import Any

DEEPEST = 8  # references one behind the other
KINDS = {"integer": "integer", "number": "number", "boolean": "yes_no", "array": "list", "object": "record"}
MOST_FIELDS = 40


class Schemas:
    """`document` is what references of its schemas lead into; nothing is fetched."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def argument(self, schema: Any, description: Any = None, required: bool = True) -> dict[str, Any]:
        """As a description says it."""
        one = self.found(schema)
        choices = [str(value) for value in a_list(one.get("enum")) if isinstance(value, str)]
        kind = "choice" if choices else self.kind(one)
        told = " ".join(str(description or one.get("description") or "").split())[:300]
        made: dict[str, Any] = {} if kind == "text" else {"kind": kind}
        made |= {"description": told} if told else {}
        made |= {"choices": choices} if choices else {}
        return made | ({} if required else {"required": False})

    def kind(self, schema: Any) -> str:
        one = self.found(schema)
        if not one.get("type") and isinstance(one.get("anyOf"), list):
            one = next((part for part in map(self.found, one["anyOf"]) if part.get("type") != "null"), {})
        type_ = one.get("type")
        said = next((name for name in type_ if name != "null"), "") if isinstance(type_, list) else str(type_ or "")
        if said == "string" and one.get("format") == "date":
            return "date"
        return KINDS.get(said, "text")

    def fields(self, schema: Any) -> dict[str, Any]:
        one = self.found(schema)
        found: dict[str, Any] = {}
        for part in a_list(one.get("allOf")):
            found |= self.fields(part)
        return found | a_dict(one.get("properties"))

    def gives(self, schema: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for said, one in list(self.fields(schema).items())[:MOST_FIELDS]:
            kind, name = self.kind(one), snake(said)
            found[name] = ({"path": said} if said != name else {}) | ({"kind": kind} if kind != "text" else {})
        return found

    def found(self, part: Any) -> dict[str, Any]:
        """What it is, or what it points to."""
        for _ in range(DEEPEST):
            if not isinstance(part, dict):
                return {}
            pointer = part.get("$ref")
            if pointer is None:
                return part
            part = self._at(str(pointer))
        return {}

    def _at(self, pointer: str) -> Any:
        if not pointer.startswith("#/"):
            return None
        place: Any = self.document
        for step in pointer[2:].split("/"):
            place = a_dict(place).get(step.replace("~1", "/").replace("~0", "~"))
        return place


def arguments_of(schema: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """By our name: what they call it, and what it is."""
    reader = Schemas(schema)
    needed = a_list(schema.get("required"))
    return {
        snake(said): (said, reader.argument(one, None, said in needed)) for said, one in reader.fields(schema).items()
    }


def fields_of(schema: dict[str, Any]) -> dict[str, Any]:
    return Schemas(schema).gives(schema)


def snake(text: str) -> str:
    spread = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    name = re.sub(r"[^a-z0-9]+", "_", spread.lower()).strip("_") or "field"
    return name if name[0].isalpha() else f"n_{name}"


def a_dict(thing: Any) -> dict[str, Any]:
    return thing if isinstance(thing, dict) else {}


def a_list(thing: Any) -> list[Any]:
    return thing if isinstance(thing, list) else []
