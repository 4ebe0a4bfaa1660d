"""The desk's pages, one line each."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from towerdesk.web.pages import acts, do, files, give, original, runs, strip, ticket, tower


def page(route: str, view: Callable[..., HttpResponseBase], **extra: Any) -> URLPattern:
    return path(route, view, extra or None)


urlpatterns = [
    page("", tower.tower),
    page("board", tower.board),
    page("strips/<int:number>", strip.strip),
    page("tickets/<int:number>", ticket.ticket),
    page("tickets/<int:number>/reply", acts.send_reply),
    page("tickets/<int:number>/note", acts.write_note),
    page("tickets/<int:number>/take", acts.take),
    page("tickets/<int:number>/resolve", acts.solve),
    page("tickets/<int:number>/reopen", acts.take_up),
    page("tickets/<int:number>/watch", acts.watching),
    page("tickets/<int:number>/stop", acts.stop_assistant),
    page("tickets/<int:number>/give", give.give),
    page("tickets/<int:number>/do", do.do),
    page("tickets/<int:number>/step", do.step),
    page("tickets/<int:number>/merge", do.merge_into),
    page("runs/<int:run>/approve", runs.approve_run),
    page("runs/<int:run>/edit", runs.edit_run),
    page("runs/<int:run>/reject", runs.reject_run),
    page("messages/<int:message>/stop", acts.stop_message),
    page("messages/<int:message>/original", original.original),
    page("messages/<int:message>/source", original.source),
    page("messages/<int:message>/frame", original.frame),
    page("files/<int:attachment>", files.download),
    page("pictures/<int:attachment>", files.picture),
]
