"""What browsers and search engines ask for by name: the icon, and which pages may be found by a search."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

ICON = Path(__file__).parent / "static" / "web" / "favicon.ico"
A_WEEK = "public, max-age=604800"
ROBOTS = """User-agent: *
Allow: /help
Allow: /static/
Disallow: /
"""
"""The help centre only; a form that is not listed there says by itself that it wants to stay out (`noindex`)."""


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Pages name their own icon, which follows the theme; this one is for what asks before it has read a page."""
    return HttpResponse(_icon(), content_type="image/x-icon", headers={"Cache-Control": A_WEEK})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain", headers={"Cache-Control": "public, max-age=3600"})


@cache
def _icon() -> bytes:
    return ICON.read_bytes()
