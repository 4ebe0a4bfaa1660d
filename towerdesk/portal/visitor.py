"""An anonymous visitor: a random id in a cookie, so that one person's reading is counted once. Nothing else is known."""

import re
import secrets

from django.http import HttpRequest, HttpResponse

COOKIE = "visitor"
LASTS = 180 * 24 * 3600  # seconds
SHAPE = re.compile(r"[a-f0-9]{32}")


def visitor_of(request: HttpRequest) -> str:
    given = request.COOKIES.get(COOKIE, "")
    return given if SHAPE.fullmatch(given) else secrets.token_hex(16)


def remember(response: HttpResponse, visitor: str, *, secure: bool) -> HttpResponse:
    response.set_cookie(COOKIE, visitor, max_age=LASTS, httponly=True, samesite="Lax", secure=secure)
    return response
