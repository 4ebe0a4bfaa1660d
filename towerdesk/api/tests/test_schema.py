"""Whatever the schema allows, and much that it does not, is answered as the schema says: never a 500."""

import sys

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings

from towerdesk.api.tests.program import program
from towerdesk.api.v1 import api as the_api
from towerdesk.testing import cast

WRITTEN = the_api.get_openapi_schema(path_prefix="/api/v1/")
OPERATIONS = [f"{method.upper()} {path}" for path, methods in WRITTEN["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def schema():
    """Loaded where it is used: each test process collects this file, and one of them runs it.

    Texts and numbers of our code are tried, too. They are read here, since what `include` makes takes them along and
    else reads all of them again for each operation.
    """
    import schemathesis

    whole = schemathesis.openapi.from_dict(WRITTEN)
    whole.app = get_wsgi_application()
    next(whole.get_all_operations()).ok().as_strategy()
    return whole


@pytest.fixture(scope="module")
def checks():
    import schemathesis
    from schemathesis.specs.openapi import checks

    return [
        schemathesis.checks.not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
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


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def keeps_to_the_schema(case, key, checks):
    with transaction.atomic():  # what a refused request rolls back is its own work, not the test's desk
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=checks)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_api_keeps_to_its_schema(operation, schema, checks, key):
    """What is tried is made up here: `schema.parametrize` has every test process make up everything at its start."""
    from schemathesis.pytest.lazy import get_all_tests

    one = schema.include(name=operation)
    (made,) = get_all_tests(schema=one, test_func=keeps_to_the_schema, settings=None, given_kwargs={})
    _, tried = made.ok()
    tried(key=key, checks=checks)
