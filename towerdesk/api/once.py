"""Idempotency keys: a request that is sent again is answered again, not done again.

The row is inserted first, in the transaction of the work itself. So a second request with the same key waits for the
first, and finds its answer; when the work fails, the row goes with it and the request may be tried again.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from towerdesk.api.models import Answered
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid

KEPT = timedelta(hours=24)
LONGEST = 200  # characters

TAKE = """
INSERT INTO api_answered (api_key_id, key, digest, status, body, created_at) VALUES (%s, %s, %s, 0, '', %s)
ON CONFLICT (api_key_id, key) DO UPDATE
SET digest = excluded.digest, status = 0, body = '', created_at = excluded.created_at
WHERE api_answered.created_at < %s
RETURNING id
"""


def once(request: HttpRequest, do: Callable[[], BaseModel], *, status: int = 200) -> HttpResponse:
    """Do the work (one transaction) and answer with its model; with the header `Idempotency-Key` only once a day.

    Raises `Conflict` when the key was used for another request, `Invalid` for a key that can't be one.
    """
    key = key_of(request)
    if key is None:
        return _json(do().model_dump_json(), status)
    with transaction.atomic():
        row = _take(request, key)
        if row is None:
            return _again(request, key)
        body = do().model_dump_json()
        Answered.objects.filter(pk=row).update(status=status, body=body)
    return _json(body, status)


def key_of(request: HttpRequest) -> str | None:
    """The request's own key, if it carries one. Raises `Invalid` for what can't be one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        sentence = f"An Idempotency-Key has 1 to {LONGEST} printable ASCII characters, such as a UUID."
        raise Invalid(sentence, {"Idempotency-Key": "Choose another one."})
    return key


def _take(request: HttpRequest, key: str) -> int | None:
    """The id of our row; None when the key is in use. Waits while another request with this key is at work."""
    before = now() - KEPT
    Answered.objects.filter(created_at__lt=before).exclude(key=key).delete()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [request.auth.id, key, _digest(request), now(), before])  # type: ignore[attr-defined]
        row = cursor.fetchone()
    return row[0] if row else None


def _again(request: HttpRequest, key: str) -> HttpResponse:
    answered = Answered.objects.get(api_key_id=request.auth.id, key=key)  # type: ignore[attr-defined]
    if answered.digest != _digest(request):
        raise Conflict(
            "This Idempotency-Key was used for another request within a day: choose a new one for a new request."
        )
    response = _json(answered.body, answered.status)
    response["Idempotent-Replayed"] = "true"
    return response


def _digest(request: HttpRequest) -> str:
    whole = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(whole).hexdigest()


def _json(body: str, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json")
