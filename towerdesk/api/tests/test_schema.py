"""Whatever the schema allows, and much that it does not, is answered as the schema says: never a 500."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
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

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def key(desk, mara):
    """A desk whose first numbers exist, so that some of what is tried is there."""
    for count in range(3):
        cast.opened(desk, mara, f"Order {count}")
    for signal in (request_started, request_finished):  # they would close the connection that holds this test's desk
        signal.disconnect(close_old_connections)
    yield program("admin").secret
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_to_its_schema(case, key):
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)
