"""The same actions on many tickets: begin, watch, take back. The work is a job's."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from towerdesk.actions.bulk import progress, start_bulk, undo_bulk
from towerdesk.actions.models import Bulk
from towerdesk.api.once import once
from towerdesk.api.security import asker
from towerdesk.api.v1.find import Id, not_nul
from towerdesk.api.v1.shapes import BulkIn, BulkOut
from towerdesk.lib.errors import NotFound
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import Ticket

router = Router(tags=["bulk"])


@router.post("", response={202: BulkOut})
def begin(request: HttpRequest, said: BulkIn) -> HttpResponse:
    """Do the same on many tickets, each for itself: what is not possible on one does not stop the others."""
    by = asker(request)
    every = Ticket.objects.visible_to(by)
    tickets = parse(not_nul(said.q) or "").apply(every, by) if said.q else every.filter(pk__in=said.tickets)
    actions = [action.model_dump(mode="json", exclude_unset=True) | {"do": action.do} for action in said.actions]
    return once(request, lambda: _shown(start_bulk(tickets, actions, by=by)), status=202)


@router.get("/{bulk}", response=BulkOut)
def read(request: HttpRequest, bulk: Id) -> BulkOut:
    """How far it is."""
    return _shown(_find(request, bulk))


@router.post("/{bulk}/undo", response={202: BulkOut})
def undo(request: HttpRequest, bulk: Id) -> HttpResponse:
    """Give each ticket back what it had, as far as nobody has changed it since."""

    def do() -> BulkOut:
        found = _find(request, bulk)
        undo_bulk(found, by=asker(request))
        return _shown(_find(request, bulk))

    return once(request, do, status=202)


def _find(request: HttpRequest, bulk: int) -> Bulk:
    found = Bulk.objects.visible_to(asker(request)).filter(pk=bulk).first()
    if found is None:
        raise NotFound(f"There is no bulk edit {bulk} of this key.")
    return found


def _shown(bulk: Bulk) -> BulkOut:
    return BulkOut(
        id=bulk.pk,
        says=bulk.says,
        state=bulk.state,
        results=progress(bulk),
        created_at=bulk.created_at,
        ended_at=bulk.ended_at,
    )
