"""The customer's side: nobody signs in here."""

from django.urls import path

from towerdesk.portal.pages import approve, articles, rate

urlpatterns = [
    path("help", articles.home),
    path("help/", articles.home, name="help"),
    path("help/<slug:slug>", articles.article, name="article"),
    path("help/<slug:slug>/judge", articles.judge),
    path("approve/<str:token>", approve.approve, name="approve"),
    path("rate/<str:token>/<int:rating>", rate.rate_ticket, name="rate"),
]
