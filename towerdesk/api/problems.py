"""Every error is `application/problem+json` (RFC 9457): a title, a sentence in `detail`, `fields` where they help."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel

from towerdesk.lib.errors import Invalid, Trouble

log = structlog.get_logger()

type View = Callable[..., Any]

NO_KEY = "This needs a valid API key: send the header “Authorization: Bearer td_…”."
BROKEN = "Something broke on our side and nothing was changed; the desk's log says what."
TOO_BIG = "This request is too big: send less at once, or upload files by themselves."


class Problem(BaseModel):
    """What went wrong, for programs in `type` and `status`, for people in `detail`."""

    type: str
    title: str
    status: int
    detail: str
    fields: dict[str, str] = {}


def problem(status: int, detail: str, *, title: str = "", fields: dict[str, str] | None = None) -> HttpResponse:
    phrase = HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": f"/api/v1/docs#{phrase.lower().replace(' ', '-')}",
        "title": title or phrase,
        "status": status,
        "detail": detail,
    }
    if fields:
        body["fields"] = fields
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Towerdesk"'
    return response


def handle_all(api: NinjaAPI) -> None:
    """Say for each kind of error how it is told."""
    for kind, tell in TOLD.items():
        api.add_exception_handler(kind, tell)


@csrf_exempt  # nothing is done here; a program that mistypes an address shall not be told of forms
def nowhere(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    return problem(404, f"There is nothing at {request.path}: /api/v1/docs says what there is.")


def tell_what_is_allowed(view: View) -> View:
    """Answer a method that is not there as a problem, too."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **named: Any) -> Any:
        response = view(request, *args, **named)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = response["Allow"]
        told = problem(405, f"{request.method} is not possible here: use {allowed}.")
        told["Allow"] = allowed
        return told

    return wrapped


def _trouble(request: HttpRequest, error: Trouble) -> HttpResponse:
    fields = error.fields if isinstance(error, Invalid) else None
    return problem(error.status, str(error), title=error.title, fields=fields)


def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {_place(one["loc"]): one["msg"].removeprefix("Value error, ") for one in error.errors}
    first, trouble = next(iter(fields.items()))
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    return problem(422, f"Please check {first or 'the body'}: {trouble}{more}.", title=Invalid.title, fields=fields)


def _place(loc: Any) -> str:
    """`("body", "said", "requester", "email")` is requester.email to whoever sent it."""
    steps = [str(step) for step in loc]
    return ".".join(steps[2:] if steps[0] in ("body", "form", "file") else steps[1:])


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        return problem(401, NO_KEY)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return problem(400, "The body can't be read: send one JSON object in UTF-8, as application/json.")
    return problem(error.status_code, str(error))


def _nothing_here(request: HttpRequest, error: Http404) -> HttpResponse:
    return nowhere(request)


def _too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(413, TOO_BIG)


def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(400, "The request can't be read: it ended early, or its form is broken.")


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("an API request broke", path=request.path, method=request.method)
    return problem(500, BROKEN)


TOLD: dict[type[Exception], Callable[..., HttpResponse]] = {
    Trouble: _trouble,
    ValidationError: _not_valid,
    HttpError: _http,
    Http404: _nothing_here,
    RequestDataTooBig: _too_big,
    SuspiciousOperation: _unreadable,
    UnreadablePostError: _unreadable,
    Exception: _broken,
}
