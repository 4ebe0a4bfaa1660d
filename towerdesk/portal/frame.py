"""Which sites may show a page of a form in a frame: those that the form names, and no page but the form's own."""

from django.conf import settings
from django.http import HttpResponse

from towerdesk.tickets.taxonomy.form_page import FormPage


def framed[Response: HttpResponse](response: Response, page: FormPage) -> Response:
    """Without any site it stays as every page is: never in a frame."""
    response.headers["Cache-Control"] = "no-store"
    if page.sites:
        response.xframe_options_exempt = True
        policy = settings.SECURE_CSP | {"frame-ancestors": list(page.sites)}
        response._csp_config = policy  # type: ignore[attr-defined]
    return response
