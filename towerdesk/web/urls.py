"""The desk's pages, one line each."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from towerdesk.web.pages import (
    acts,
    articles,
    do,
    files,
    find,
    give,
    intake,
    licences,
    me,
    original,
    receipts,
    reports,
    runs,
    settings,
    strip,
    ticket,
    tickets,
    tower,
)


def page(route: str, view: Callable[..., HttpResponseBase], **extra: Any) -> URLPattern:
    return path(route, view, extra or None)


urlpatterns = [
    page("", tower.tower),
    page("board", tower.board),
    page("find", find.find),
    page("strips/<int:number>", strip.strip),
    page("tickets", tickets.tickets),
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
    page("receipts/<int:run>", receipts.receipt),
    page("receipts/<int:run>.json", receipts.raw),
    page("runs/<int:run>/grade", licences.grade),
    page("runs/<int:run>/approve", runs.approve_run),
    page("runs/<int:run>/edit", runs.edit_run),
    page("runs/<int:run>/reject", runs.reject_run),
    page("messages/<int:message>/stop", acts.stop_message),
    page("messages/<int:message>/original", original.original),
    page("messages/<int:message>/source", original.source),
    page("messages/<int:message>/frame", original.frame),
    page("files/<int:attachment>", files.download),
    page("pictures/<int:attachment>", files.picture),
    page("licences", licences.licences),
    page("licences/<slug:slug>", licences.intent),
    page("licences/<slug:slug>/level", licences.level),
    page("articles", articles.articles),
    page("articles/new", articles.edit),
    page("articles/preview", articles.preview),
    page("articles/<int:number>", articles.article),
    page("articles/<int:number>/edit", articles.edit),
    page("articles/<int:number>/publish", articles.put_out),
    page("articles/<int:number>/retire", articles.take_away),
    page("reports", reports.reports),
    page("intake", intake.intake),
    page("intake/account", intake.account),
    page("intake/<int:raw>/again", intake.again),
    page("intake/<int:raw>/ticket", intake.onto_ticket),
    page("intake/<int:raw>/source", intake.source),
    page("settings", settings.inboxes),
    page("settings/people", settings.people),
    page("settings/people/add", settings.add_person),
    page("settings/people/<int:user>", settings.change_person),
    page("settings/teams/add", settings.add_team),
    page("settings/keys", settings.keys),
    page("settings/keys/add", settings.add_key),
    page("settings/keys/<int:key>/revoke", settings.end_key),
    page("me", me.me),
    page("me/theme", me.theme),
    page("me/keys", me.keys),
]
