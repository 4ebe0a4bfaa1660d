"""Surges that were noticed, what a person decides about them, and banners for everybody who looks."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AfterValidator, BaseModel, Field

from towerdesk.api.once import once
from towerdesk.api.security import asker
from towerdesk.api.v1.find import Cursor, Id, Limit, not_nul, the_ticket
from towerdesk.api.v1.shapes import In, Line, TicketsOut
from towerdesk.api.v1.show import ticket_out
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import NotFound
from towerdesk.lib.pages import page_of
from towerdesk.lib.text import storable
from towerdesk.problems.banners import MOST as MOST_IN_A_BANNER
from towerdesk.problems.banners import show_banner, stop_banner
from towerdesk.problems.models import Banner, Surge
from towerdesk.problems.surges.decide import accept, dismiss, take_back
from towerdesk.tickets.models import Ticket

router = Router(tags=["problems"])

type State = Literal["proposed", "ongoing", "over", "dismissed", "passed"]
type Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
type Said = Annotated[str, AfterValidator(storable), Field(max_length=MOST_IN_A_BANNER)]


class SurgeOut(BaseModel):
    """`count` in `minutes`, `expected` usually: as it was seen when it was proposed. `size`: tickets that belong to it now.

    `problem` is the number of the problem ticket, once somebody confirmed it.
    """

    id: int
    state: State
    about: str
    example: int
    intent: str | None
    count: int
    minutes: int
    expected: float
    size: int
    first_at: datetime
    last_at: datetime
    problem: int | None
    decided_by: str
    decided_at: datetime | None
    why: str


class SurgesOut(BaseModel):
    items: list[SurgeOut]
    next: str | None


class ConfirmIn(In):
    """`subject` of the problem ticket; left out, what the surge is about."""

    subject: Line = ""


class DismissIn(In):
    why: Annotated[str, AfterValidator(storable), Field(max_length=300)] = ""


class BannerIn(In):
    """`texts` by language (`en` is for all others). `ticket`: the problem it is about; it ends with it."""

    texts: Annotated[dict[Language, Said], Field(min_length=1, max_length=30)]
    places: Annotated[list[Literal["portal", "forms", "chat", "desk"]], Field(min_length=1, max_length=4)]
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    ticket: Annotated[int, Field(ge=1, lt=2**63)] | None = None


class BannerOut(BaseModel):
    id: int
    texts: dict[str, str]
    places: list[str]
    state: Literal["waits", "shown", "over", "stopped"]
    starts_at: datetime
    ends_at: datetime | None
    ticket: int | None
    by: str


class BannersOut(BaseModel):
    items: list[BannerOut]
    next: str | None


@router.get("/surges", response=SurgesOut)
def list_surges(
    request: HttpRequest,
    state: Annotated[State | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> SurgesOut:
    """List surges, the newest first."""
    found = _surges(asker(request))
    found = found.filter(state=state) if state else found
    page = page_of(found, "-id", after=not_nul(cursor), limit=limit, of="surges")
    seen = _seen(page.items, asker(request))
    return SurgesOut(items=[_out(one, seen) for one in page.items], next=page.next)


@router.get("/surges/{number}", response=SurgeOut)
def surge(request: HttpRequest, number: Id) -> SurgeOut:
    """Read one surge."""
    return _shown(request, number)


@router.get("/surges/{number}/tickets", response=TicketsOut)
def tickets_of_surge(request: HttpRequest, number: Id, cursor: Cursor = None, limit: Limit = 50) -> TicketsOut:
    """List its tickets that this key may see, the oldest first; without those that were left out."""
    members = _the_surge(request, number).members.exclude(state="left_out")
    found = Ticket.objects.visible_to(asker(request)).for_strips().filter(pk__in=members.values("ticket"))
    page = page_of(found, "id", after=not_nul(cursor), limit=limit, of=f"surge {number}")
    return TicketsOut(items=[ticket_out(one) for one in page.items], next=page.next)


@router.post("/surges/{number}/confirm", response=SurgeOut)
def confirm_surge(request: HttpRequest, number: Id, said: ConfirmIn) -> HttpResponse:
    """Say that it is one: a problem ticket is opened, its tickets become incidents of it."""

    def do() -> SurgeOut:
        accept(_the_surge(request, number), by=asker(request), subject=said.subject)
        return _shown(request, number)

    return once(request, do)


@router.post("/surges/{number}/dismiss", response=SurgeOut)
def dismiss_surge(request: HttpRequest, number: Id, said: DismissIn) -> HttpResponse:
    """Say that it is none: the same is not proposed again for half a day."""

    def do() -> SurgeOut:
        dismiss(_the_surge(request, number), by=asker(request), why=said.why)
        return _shown(request, number)

    return once(request, do)


@router.post("/surges/{number}/undo", response=SurgeOut)
def undo_decision(request: HttpRequest, number: Id) -> HttpResponse:
    """Take either decision back: it is a proposal again. Not once people were told about the problem."""

    def do() -> SurgeOut:
        take_back(_the_surge(request, number), by=asker(request))
        return _shown(request, number)

    return once(request, do)


@router.get("/banners", response=BannersOut)
def list_banners(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> BannersOut:
    """List banners, the newest first, those that are over as well."""
    by = asker(request)
    by.must("ticket.read")
    page = page_of(Banner.objects.all(), "-id", after=not_nul(cursor), limit=limit, of="banners")
    return BannersOut(items=[_banner(one, by) for one in page.items], next=page.next)


@router.post("/banners", response={201: BannerOut})
def publish_banner(request: HttpRequest, said: BannerIn) -> HttpResponse:
    """Show one sentence to everybody who looks, from now or `starts_at` on until `ends_at` or until it is withdrawn."""
    by = asker(request)

    def do() -> BannerOut:
        ticket = the_ticket(request, said.ticket) if said.ticket else None
        times = {"starts_at": said.starts_at, "ends_at": said.ends_at}
        return _banner(show_banner(said.texts, said.places, by=by, ticket=ticket, **times), by)

    return once(request, do, status=201)


@router.post("/banners/{number}/withdraw", response=BannerOut)
def withdraw_banner(request: HttpRequest, number: Id) -> HttpResponse:
    """Show it no longer."""
    by = asker(request)
    by.must("problem.tell")

    def do() -> BannerOut:
        banner = Banner.objects.filter(pk=number).first()
        if banner is None:
            raise NotFound(f"There is no banner {number}.")
        stop_banner(banner, by=by)
        banner.refresh_from_db()
        return _banner(banner, by)

    return once(request, do)


def _surges(by: Actor) -> "QuerySet[Surge]":
    size = Count("members", filter=~Q(members__state="left_out"))
    return Surge.objects.visible_to(by).select_related("intent").annotate(size=size)


def _the_surge(request: HttpRequest, number: int) -> Surge:
    found = _surges(asker(request)).filter(pk=number).first()
    if found is None:
        raise NotFound(f"There is no surge {number} that this key may see.")
    return found


def _shown(request: HttpRequest, number: int) -> SurgeOut:
    found = _the_surge(request, number)
    return _out(found, _seen([found], asker(request)))


def _seen(surges: list[Surge], by: Actor) -> set[int]:
    """Which of their problem tickets this key may see."""
    problems = [one.problem_id for one in surges if one.problem_id]
    return set(Ticket.objects.visible_to(by).filter(pk__in=problems).values_list("pk", flat=True))


def _out(surge: Surge, seen: set[int]) -> SurgeOut:
    plain = ("state", "about", "count", "minutes", "first_at", "last_at", "decided_by", "decided_at", "why", "size")
    return SurgeOut(
        id=surge.pk,
        example=surge.example_id,
        intent=surge.intent.slug if surge.intent else None,
        expected=round(surge.expected, 2),
        problem=surge.problem_id if surge.problem_id in seen else None,
        **{name: getattr(surge, name) for name in plain},
    )


def _banner(banner: Banner, by: Actor) -> BannerOut:
    ticket = banner.ticket_id
    readable = ticket and Ticket.objects.visible_to(by).filter(pk=ticket).exists()
    return BannerOut(
        id=banner.pk,
        texts=banner.texts,
        places=banner.places,
        state=banner.state,
        starts_at=banner.starts_at,
        ends_at=banner.ends_at,
        ticket=ticket if readable else None,
        by=banner.by_name,
    )
