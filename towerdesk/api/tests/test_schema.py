"""Whatever the schema allows, and much that it does not, is answered as the schema says: never a 500."""

import sys
from functools import cache

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from towerdesk.api.tests.program import program
from towerdesk.api.v1 import api as the_api
from towerdesk.testing import cast

schema = schemathesis.openapi.from_dict(the_api.get_openapi_schema(path_prefix="/api/v1/"))
schema.app = get_wsgi_application()
OPERATIONS = [f"{method.upper()} {path}" for path, methods in schema.raw_schema["paths"].items() for method in methods]

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def key(desk, mara, monkeypatch):
    """A desk whose first numbers exist, so that some of what is tried is there."""
    monkeypatch.setitem(sys.modules, "flask", None)  # or each request has it looked for in all folders
    for count in range(3):
        cast.opened(desk, mara, f"Order {count}")
    for signal in (request_started, request_finished):  # they would close the connection that holds this test's desk
        signal.disconnect(close_old_connections)
    yield program("admin").secret
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def words_of_the_product_are_known():
    """Texts and numbers of our code are tried too. A part of the schema takes along what the whole one has read of them."""
    next(schema.get_all_operations()).ok().as_strategy()


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def keeps_to_the_schema(case, key):
    with transaction.atomic():  # what a refused request rolls back is its own work, not the test's desk
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_api_keeps_to_its_schema(operation, key):
    """What is tried is made up here: `schema.parametrize` has every test process make up everything at its start."""
    words_of_the_product_are_known()
    one = schema.include(name=operation)
    (made,) = get_all_tests(schema=one, test_func=keeps_to_the_schema, settings=None, given_kwargs={})
    _, tried = made.ok()
    tried(key=key)
