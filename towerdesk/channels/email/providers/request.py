"""A provider's call as the Django request that anymail's views take."""

from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

from django.core.handlers.wsgi import WSGIRequest

from towerdesk.channels.doors import Call

FORM = "application/x-www-form-urlencoded"


def as_request(call: Call, encoding: str = "") -> WSGIRequest:
    """Each call gives a new one, since a request's body is read once."""
    parts = urlsplit(call.url)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in call.headers.items()}
    request = WSGIRequest(
        {
            **headers,
            "REQUEST_METHOD": call.method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": parts.hostname or "localhost",
            "SERVER_PORT": str(parts.port or (80 if parts.scheme == "http" else 443)),
            "CONTENT_TYPE": call.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(call.body)),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": BytesIO(call.body),
        }
    )
    if encoding:
        request.encoding = encoding
    return request


def form(call: Call) -> dict[str, str]:
    """The fields of a form, the last of each name; what is no UTF-8 is replaced."""
    return as_request(call).POST.dict()


def bytes_of(call: Call, name: str) -> bytes | None:
    """One field of a form exactly as it was sent: a mail may be in any charset, and its signatures are over the bytes."""
    if call.headers.get("content-type", "").startswith(FORM):
        given = dict(parse_qsl(call.body.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))
    else:
        request = as_request(call, "latin-1")
        if file := request.FILES.get(name):
            content: bytes = file.read()
            return content
        given = request.POST.dict()
    return given[name].encode("latin-1", "replace") if name in given else None
