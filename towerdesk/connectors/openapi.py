"""Make a description of an HTTP system out of its OpenAPI document (3.0 or 3.1): a beginning that a person looks over.

Read as plain data, leniently: of what a document says only operations, arguments and fields of answers matter, and many
documents are not quite valid. References lead inside the document alone; nothing is fetched.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from towerdesk.connectors.http.description import from_yaml
from towerdesk.connectors.schemas import Schemas, a_dict, a_list, snake
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import split_url

METHODS = ("get", "post", "put", "patch", "delete")
MOST = 200  # tools
KEYS = ("idempotency-key", "x-idempotency-key")
HEAD = (
    "# Made of the OpenAPI document of {title}. Look at each tool: what it changes, whose word each argument takes,\n"
)
HEAD += "# whose data it is (`person`), how it is taken back (`undo`) and read back (`read_back`).\n"


@dataclass(frozen=True, slots=True)
class Brought:
    """`text` is the description as YAML, `host` the only one it calls."""

    text: str
    title: str
    host: str


def as_description(text: str) -> Brought:
    """Raises `Invalid` that says what is missing."""
    try:
        document = yaml.safe_load(text)  # JSON is YAML
    except (yaml.YAMLError, RecursionError):
        raise Invalid("This is neither JSON nor YAML.") from None
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise Invalid("This is no OpenAPI document of version 3.")
    reader = _Reader(document)
    title = " ".join(str(a_dict(document.get("info")).get("title") or "System").split())[:80]
    described = {"base": reader.base(), **reader.headers(), "tools": list(reader.tools())[:MOST]}
    if not described["tools"]:
        raise Invalid("The document names no operation.")
    made = HEAD.format(title=title) + yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=110)
    from_yaml(made)
    return Brought(made, title, split_url(str(described["base"])).netloc)


class _Reader(Schemas):
    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__(document)
        self.names: set[str] = set()

    def base(self) -> str:
        servers = a_list(self.document.get("servers"))
        first = str(a_dict(servers[0]).get("url") or "") if servers else ""
        return (first if first.startswith(("http://", "https://")) else f"https://api.example.com{first}").rstrip("/")

    def headers(self) -> dict[str, Any]:
        """The first way to sign in that a header can carry."""
        schemes = a_dict(a_dict(self.document.get("components")).get("securitySchemes"))
        for scheme in map(self.found, schemes.values()):
            if (scheme.get("type"), scheme.get("scheme")) == ("http", "bearer") or scheme.get("type") == "oauth2":
                return {"headers": {"Authorization": "Bearer {secret.token}"}}
            if (scheme.get("type"), scheme.get("in")) == ("apiKey", "header"):
                return {"headers": {str(scheme.get("name")): "{secret.token}"}}
        return {}

    def tools(self) -> Iterator[dict[str, Any]]:
        for path, item in a_dict(self.document.get("paths")).items():
            shared = self.found(item)
            for method in METHODS:
                if isinstance(shared.get(method), dict):
                    yield self.tool(str(path), method, shared, shared[method])

    def tool(self, path: str, method: str, shared: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
        own = [self.found(one) for one in [*a_list(shared.get("parameters")), *a_list(operation.get("parameters"))]]
        places = {str(one.get("name")): one for one in own if one.get("in") in ("path", "query") and one.get("name")}
        key = next((str(one["name"]) for one in own if str(one.get("name")).lower() in KEYS), "")
        arguments = {snake(said): self.parameter(one) for said, one in places.items()}
        query = {said: f"{{{snake(said)}}}" for said, one in places.items() if one["in"] == "query"}
        body = self.body(operation, arguments)
        more = {"query": query, "body": body, "key": key, "arguments": arguments, "gives": self.given(operation)}
        return self.told(path, method, operation) | {name: one for name, one in more.items() if one}

    def parameter(self, one: dict[str, Any]) -> dict[str, Any]:
        required = one["in"] == "path" or bool(one.get("required"))
        return self.argument(one.get("schema"), one.get("description"), required)

    def told(self, path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
        name = self.name(operation, method, path)
        summary = " ".join(str(operation.get("summary") or "").split())
        words = " ".join(str(operation.get("description") or "").split())[:500]
        made = {"name": name, "title": summary[:120] or name.replace("_", " ").capitalize()}
        made |= {"description": words} if words else {}
        made |= {"effect": "read" if method == "get" else "outside", "method": method.upper()}
        return made | {"path": re.sub(r"\{([^}]+)\}", lambda found: f"{{{snake(found[1])}}}", path)}

    def body(self, operation: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
        """Its fields on the first level, each an argument; one that is named like another gets `body_` before it."""
        schema = self.json_of(self.found(operation.get("requestBody")))
        needed = a_list(schema.get("required"))
        body: dict[str, Any] = {}
        for said, one in self.fields(schema).items():
            name = snake(said) if snake(said) not in arguments else f"body_{snake(said)}"
            arguments[name] = self.argument(one, None, said in needed)
            body[said] = f"{{{name}}}"
        return body

    def given(self, operation: dict[str, Any]) -> dict[str, Any]:
        responses = a_dict(operation.get("responses"))
        good = next((responses[code] for code in responses if str(code).startswith("2")), None)
        return self.gives(self.json_of(self.found(good)))

    def json_of(self, part: dict[str, Any]) -> dict[str, Any]:
        content = a_dict(part.get("content"))
        media = next((content[type_] for type_ in content if "json" in str(type_)), None)
        return self.found(a_dict(media).get("schema"))

    def name(self, operation: Mapping[str, Any], method: str, path: str) -> str:
        wanted = snake(str(operation.get("operationId") or f"{method} {path}"))[:56]
        name, number = wanted, 2
        while name in self.names:
            name, number = f"{wanted}_{number}", number + 1
        self.names.add(name)
        return name
