"""Where everything answers."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView

from towerdesk.api import v1
from towerdesk.intake import hooks
from towerdesk.problems.issues.door import door
from towerdesk.web import sign_in, well_known


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz),
    path("favicon.ico", well_known.favicon),
    path("robots.txt", well_known.robots),
    path("account/password/reset/", sign_in.no_reset, name="account_reset_password"),
    path("account/email/", RedirectView.as_view(url="/me")),
    path("account/", include("allauth.urls")),
    path("api/v1/", v1.urls),
    path("hooks/<slug:key>", hooks.hook),
    path("hooks/<slug:key>/mime", hooks.hook),  # Mailgun sends mails as they are to addresses that end so
    path("trackers/<slug:key>", door),
    path("", include("towerdesk.portal.urls")),
    path("", include("towerdesk.web.urls")),
]
handler403 = "towerdesk.web.errors.refused"
handler404 = "towerdesk.web.errors.not_found"
handler500 = "towerdesk.web.errors.broken"
