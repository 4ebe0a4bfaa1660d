"""The customer's side: nobody signs in here."""

from django.urls import path

from towerdesk.portal.chat import door
from towerdesk.portal.chat.guard import answers
from towerdesk.portal.chat.script import script
from towerdesk.portal.pages import approve, articles, ask, asked, person, rate

urlpatterns = [
    path("help", articles.home),
    path("help/", articles.home, name="help"),
    path("help/ask", ask.choose, name="ask"),
    path("help/ask/embed.js", asked.script, name="embed"),
    path("help/ask/<slug:key>", ask.ask, name="ask_form"),
    path("help/ask/<slug:key>/answers", asked.answers),
    path("help/ask/<slug:key>/answered", asked.answered),
    path("help/ask/<slug:key>/sent/<str:token>", asked.sent),
    path("help/<slug:slug>", articles.article, name="article"),
    path("help/<slug:slug>/judge", articles.judge),
    path("approve/<str:token>", approve.approve, name="approve"),
    path("person/<str:token>", person.ask, name="person"),
    path("rate/<str:token>/<int:rating>", rate.rate_ticket, name="rate"),
    path("chat/<slug:key>.js", script),
    path("chat/files/<slug:key>/<int:number>/<str:signed>", door.file),
    path(
        "chat/<slug:key>/live", answers(lambda call: None, "OPTIONS")
    ),  # the stream itself is plain ASGI: config/asgi.py
    *(path(f"chat/<slug:key>/{name}", view) for name, view in door.VIEWS.items()),
]
