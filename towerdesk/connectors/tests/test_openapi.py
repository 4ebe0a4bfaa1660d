"""Somebody else's OpenAPI document becomes a description to begin with."""

import json

import pytest
import yaml

from towerdesk.connectors.http.description import from_yaml
from towerdesk.connectors.openapi import as_description
from towerdesk.lib.errors import Invalid

STORE = """
openapi: 3.1.0
info: {title: Part store}
servers: [{url: https://api.store.example/v2/}]
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Api-Key}}
  schemas:
    Part: {type: object, properties: {partNo: {type: string}, price: {type: number}, tags: {type: array}}}
    Wish:
      required: [partNo]
      allOf:
        - {properties: {partNo: {type: string, description: The number on the part}}}
        - {properties: {count: {type: [integer, "null"]}, how: {enum: [fast, slow]}, id: {type: string}}}
paths:
  /parts/{partId}:
    parameters: [{name: partId, in: path, required: true, schema: {type: string}}]
    get:
      summary: One part
      parameters: [{name: in-stock, in: query, schema: {type: boolean}}]
      responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Part"}}}}}
  /orders/{id}:
    post:
      operationId: sendPart
      parameters: [{name: id, in: path}, {name: Idempotency-Key, in: header}]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Wish"}}}}
      responses: {"201": {description: sent}}
"""


def test_operations_become_tools():
    brought = as_description(STORE)
    part, send = from_yaml(brought.text).tools

    assert (brought.title, brought.host) == ("Part store", "api.store.example")
    assert "X-Api-Key: '{secret.token}'" in brought.text
    assert (part.name, part.title, part.effect, part.path) == (
        "get_parts_part_id",
        "One part",
        "read",
        "/parts/{part_id}",
    )
    assert part.query == {"in-stock": "{in_stock}"}
    assert {name: (one.path, one.kind) for name, one in part.gives.items()} == {
        "part_no": ("partNo", "text"),
        "price": ("", "number"),
        "tags": ("", "list"),
    }
    assert (send.name, send.effect, send.method, send.key) == ("send_part", "outside", "POST", "Idempotency-Key")
    assert send.body == {"partNo": "{part_no}", "count": "{count}", "how": "{how}", "id": "{body_id}"}
    kinds = {name: (one.kind, one.required) for name, one in send.arguments.items()}
    assert kinds == {
        "id": ("text", True),
        "part_no": ("text", True),
        "count": ("integer", False),
        "how": ("choice", False),
        "body_id": ("text", False),
    }


def test_json_is_as_good_as_yaml():
    assert as_description(json.dumps(yaml.safe_load(STORE))).text == as_description(STORE).text


@pytest.mark.parametrize(
    "text", ["", "[]", "swagger: '2.0'", "openapi: 3.0.0", "openapi: 3.0.0\npaths: 7", "a: [", "\0"]
)
def test_what_is_no_such_document_is_said(text):
    with pytest.raises(Invalid):
        as_description(text)


def test_references_that_lead_nowhere_or_in_circles_do_no_harm():
    loop = STORE.replace("Part: {type: object,", "Part: {$ref: '#/components/schemas/Part',")
    assert from_yaml(as_description(loop).text).tools[0].gives == {}
