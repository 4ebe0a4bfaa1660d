"""The API's own page, drawn from its schema: no script, nothing from elsewhere."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class Page(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema()
        shapes = schema["components"]["schemas"]
        context = {
            "about": schema["info"]["description"],
            "schema_url": self.get_openapi_url(api, kwargs),
            "operations": list(_operations(schema)),
            "shapes": [(name, list(_fields(shape))) for name, shape in sorted(shapes.items()) if "properties" in shape],
        }
        return render(request, "api/docs.html", context)


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "id": operation["operationId"],
                "says": operation.get("description", operation.get("summary", "")),
                "parameters": [_parameter(one) for one in operation.get("parameters", [])],
                "body": _body(operation),
                "answers": [
                    (status, _name(answer.get("content", {})), answer.get("description", ""))
                    for status, answer in sorted(operation["responses"].items(), key=lambda one: str(one[0]))
                ],
            }


def _parameter(described: dict[str, Any]) -> tuple[str, str, str]:
    where = f"{described['in']}, required" if described.get("required") else described["in"]
    return described["name"], where, described.get("description") or described["schema"].get("description", "")


def _body(operation: dict[str, Any]) -> str:
    return _name(operation.get("requestBody", {}).get("content", {}))


def _name(content: dict[str, Any]) -> str:
    """The name of the shape that is sent, or "" when it has none."""
    for described in content.values():
        return str(described["schema"].get("$ref", "")).rpartition("/")[2]
    return ""


def _fields(shape: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    for name, described in shape["properties"].items():
        yield name, _type(described), name in shape.get("required", ())


def _type(described: dict[str, Any]) -> str:
    if "anyOf" in described:
        return " or ".join(_type(one) for one in described["anyOf"])
    if "$ref" in described:
        return str(described["$ref"]).rpartition("/")[2]
    if "enum" in described:
        return " | ".join(str(one) for one in described["enum"])
    if described.get("type") == "array":
        return f"list of {_type(described.get('items', {}))}"
    return str(described.get("format") or described.get("const") or described.get("type") or "anything")
