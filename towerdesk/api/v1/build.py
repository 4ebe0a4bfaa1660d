"""Put the API together: its routes behind one key, its errors as problems, its schema and its own docs page."""

from typing import Any

from django.urls import re_path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from towerdesk.api.docs import Page
from towerdesk.api.problems import Problem, handle_all, nowhere, tell_what_is_allowed
from towerdesk.api.security import Key
from towerdesk.api.v1.bugs import router as bugs
from towerdesk.api.v1.bulk import router as bulk
from towerdesk.api.v1.handoffs import router as handoffs
from towerdesk.api.v1.messages import router as messages
from towerdesk.api.v1.others import router as others
from towerdesk.api.v1.people import router as people
from towerdesk.api.v1.surges import router as surges
from towerdesk.api.v1.tickets import router as tickets
from towerdesk.api.v1.tools import router as tools

ABOUT = (
    "Every request carries `Authorization: Bearer td_…`. Lists come in pages: put `next` into `?cursor=`. "
    "A request that writes may carry an `Idempotency-Key`: sent again within 24 hours, it is answered again, "
    "not done again. "
    "Errors are `application/problem+json`."
)
WRITING = ("post", "patch")
PROBLEMS = {
    "400": "The request can't be read.",
    "401": "The key is missing, wrong or revoked.",
    "403": "The key may not do this.",
    "404": "There is no such thing, or none that this key may see.",
    "409": "It has changed meanwhile, or the Idempotency-Key was used for something else.",
    "413": "The request is too big.",
    "422": "Something in the request can't be used; `fields` says what.",
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
    "description": "Chosen by you, such as a UUID: the same request again is answered again, not done again.",
}


class Api(NinjaAPI):
    def get_openapi_schema(self, **named: Any) -> OpenAPISchema:
        whole = super().get_openapi_schema(**named)
        whole["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for operations in whole["paths"].values():
            for method, operation in operations.items():
                _describe(method, operation)
        return whole


def _describe(method: str, operation: dict[str, Any]) -> None:
    """Every operation may be refused; those that write take an Idempotency-Key, but for plain uploads and previews."""
    told = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, description in PROBLEMS.items():
        operation["responses"].setdefault(status, {"description": description, "content": told})
    if method in WRITING and not operation["operationId"].endswith(("_upload", "_preview_on_it")):
        operation.setdefault("parameters", []).append(KEY_HEADER)


api = Api(title="Towerdesk", version="1", description=ABOUT, auth=Key(), docs=Page(), urls_namespace="api-v1")
api.add_router("/tickets", tickets)
api.add_router("/tickets", handoffs)
api.add_router("/tickets", tools)
api.add_router("/bulk", bulk)
api.add_router("/people", people)
api.add_router("/bugs", bugs)
api.add_router("", surges)
api.add_router("", messages)
api.add_router("", others)
handle_all(api)


def _patterns() -> list[Any]:
    patterns: list[Any] = list(api.urls[0])
    for pattern in patterns:
        pattern.callback = tell_what_is_allowed(pattern.callback)
    return [*patterns, re_path(r"", nowhere)]


urls = (_patterns(), "ninja", "api-v1")
