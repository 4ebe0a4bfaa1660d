"""Tags and filters of the desk's templates."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.conf import global_settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.text import initials
from towerdesk.problems.banners import banners_at
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.web import words
from towerdesk.web.channel_looks import look_of

register = template.Library()

LANGUAGES = dict(global_settings.LANGUAGES)


@register.simple_tag
@lru_cache(64)
def icon(name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("web/icons.svg"), name)


@register.simple_tag(takes_context=True)
def banner_texts(context: dict[str, Any]) -> list[str]:
    """What is announced on a page of the customers' side, in its language or in the browser's."""
    browser = context["request"].headers.get("Accept-Language", "") if "request" in context else ""
    language = str(context.get("lang") or browser or "en")
    place = "forms" if context.get("writing") else "portal"
    return [banner.text(language) for banner in banners_at(place)]


@register.filter
def when(moment: datetime) -> str:
    return words.when_words(moment, now())


@register.filter
def ago(moment: datetime) -> str:
    return words.ago_words(moment)


@register.filter
def due(moment: datetime) -> str:
    return words.due_words(moment, now())


@register.filter
def size(count: int) -> str:
    return words.size_words(count)


@register.filter
def percent(share: float) -> str:
    return words.percent_words(share)


@register.filter
def score(value: float) -> str:
    return words.score_words(value)


@register.filter
def short(name: str) -> str:
    return initials(name)


@register.filter
def hundred(share: float) -> int:
    return max(0, min(100, int(share * 100)))


@register.filter
def named(key: str, kind: str) -> str:
    """A value of a governed list, as people call it."""
    return taxonomy().name(kind, key)


@register.filter
def at(said: object, field: str) -> str:
    """What is said of one field; nothing where nothing is wrong."""
    return str(said.get(field, "")) if isinstance(said, dict) else ""


@register.filter
def can(actor: Actor | None, permission: str) -> bool:
    return actor is not None and actor.can(permission)


@register.filter
def language(code: str) -> str:
    return LANGUAGES.get(code, code)


@register.filter
def channel(name: str) -> str:
    """What a reply by it is called."""
    return look_of(name).answer


@register.filter
def channel_icon(name: str) -> str:
    """Of a channel, or of a kind of identity."""
    return look_of(name).icon


@register.filter
def day(moment: datetime) -> str:
    local = timezone.localdate(moment)
    return f"{local.day} {local:%b}"


@register.filter
def ahead(moment: datetime) -> str:
    return f"in {words.span_words(moment - now())}"


@register.filter
def moments(span: timedelta) -> str:
    return words.moment_words(span)
