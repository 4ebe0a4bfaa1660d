"""The door of issue trackers: they call /trackers/KEY. Signed or not kept; the same call twice is one; older changes nothing."""

import hashlib

import structlog
from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from towerdesk.connectors.models import Connection
from towerdesk.connectors.registry import account_of
from towerdesk.connectors.trackers.connect import by_door
from towerdesk.connectors.trackers.contract import Call, Forged, Heard
from towerdesk.connectors.trackers.registry import of
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble
from towerdesk.lib.text import one_line, storable
from towerdesk.problems.issues.state import heard, heard_comment
from towerdesk.problems.models import Delivery, Issue

MOST_BYTES = 2**20
MOST_TURNED_AWAY = 20
"""So many calls that were not signed are kept to be shown, without their words: anybody could fill the desk with them."""

log = structlog.get_logger()


@csrf_exempt
def door(request: HttpRequest, key: str) -> HttpResponse:
    """200 when everything is committed; 5xx asks the tracker to come again."""
    try:
        return _door(request, key)
    except UnreadablePostError:
        return _said(400, "The call broke off.")
    except (DatabaseError, InterfaceError, Trouble) as error:
        log.warning("a tracker's call can't be taken now", why=str(error))
        return _said(503, "This can't be taken now: please try again.")


def _door(request: HttpRequest, key: str) -> HttpResponse:
    connection = by_door(key)
    if connection is None:
        return _said(404, "There is nothing here.")
    if request.method != "POST":
        return _said(405, "Use POST.")
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _said(413, f"At most {MOST_BYTES} bytes.")
    call = Call({name.lower(): value for name, value in request.headers.items()}, body)
    try:
        of(connection).verify(call, account_of(connection))
    except Forged as forged:
        return _turned_away(connection, str(forged))
    return _taken(connection, call)


def _taken(connection: Connection, call: Call) -> HttpResponse:
    try:
        said = of(connection).hear(call)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        log.warning("a tracker's call can't be read", connection=connection.pk, error=type(error).__name__)
        said = Heard("", f"something that can't be read ({type(error).__name__})")
    number = said.id[:100] or hashlib.sha256(call.body).hexdigest()
    with transaction.atomic():
        try:
            with transaction.atomic():
                about = one_line(storable(said.about), 80)
                delivery = Delivery.objects.create(connection=connection, remote=number, about=about, at=now())
        except IntegrityError:
            return _said(200, "This came before.")
        delivery.outcome = _act(connection, said)[:200]
        delivery.save(update_fields=["outcome"])
    return _said(200, "Taken.")


def _act(connection: Connection, said: Heard) -> str:
    """What became of it, for the settings page."""
    remote = said.issue.remote if said.issue else said.comment.issue if said.comment else ""
    if not remote:
        return "Of no concern"
    issue = (
        Issue.objects.select_related("bug__ticket", "connection").filter(connection=connection, remote=remote).first()
    )
    if issue is None or (said.issue and said.issue.key != issue.key):
        return "An issue that no bug is linked to"
    changed = bool(said.issue and heard(issue, said.issue))
    commented = bool(said.comment and heard_comment(issue, said.comment))
    done = [f"{issue.key} is {said.issue.says}"] if changed and said.issue else []
    return "; ".join([*done, *([f"A comment on {issue.key}"] if commented else [])]) or f"Nothing new about {issue.key}"


def _turned_away(connection: Connection, why: str) -> HttpResponse:
    log.warning("a tracker's call was turned away", connection=connection.pk, why=why)
    before = Delivery.objects.filter(connection=connection, trusted=False).order_by("-at", "-pk")
    keep = list(before.values_list("pk", flat=True)[: MOST_TURNED_AWAY - 1])
    Delivery.objects.filter(connection=connection, trusted=False).exclude(pk__in=keep).delete()
    remote = f"turned away {now().timestamp():.6f}"
    Delivery.objects.create(
        connection=connection, remote=remote, about="Turned away", outcome=one_line(why, 200), trusted=False, at=now()
    )
    return _said(401, "This call is not signed as it should be.")


def _said(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
