"""No page asks the database more than fifteen times, and none asks more because there is more to show."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from towerdesk.automation.models import Macro, Route, Rule, Schedule, Skill
from towerdesk.automation.routing import save as routes
from towerdesk.automation.routing.save import add_absence, save_person, save_route, save_skill
from towerdesk.automation.rules.save import Draft, save_rule
from towerdesk.automation.save_macro import save_macro
from towerdesk.automation.schedules import save as schedules
from towerdesk.automation.schedules.save import save_schedule
from towerdesk.events.models import Event
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.files import keep
from towerdesk.notifications.notify import notify
from towerdesk.notifications.tell import tell
from towerdesk.problems import banners
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.checklist import add_points
from towerdesk.tickets.hand_off import hand_off
from towerdesk.tickets.link import link
from towerdesk.tickets.note import note
from towerdesk.tickets.reply import reply
from towerdesk.tickets.tag import tag
from towerdesk.tickets.taxonomy import forget

MOST = 15
PAGES: dict[str, int] = {
    "/": 8,
    "/?team=repairs": 8,
    "/board": 8,
    "/tickets": MOST,
    "/tickets?q=drips": MOST,
    "/tickets?view=mine": MOST,
    "/tickets/{ticket}": MOST,
    "/tickets/{ticket}?write=note": MOST,
    "/tickets/{ticket}/give": MOST,
    "/tickets/{ticket}/handoff": MOST,
    "/tickets/{ticket}/handoff/return": MOST,
    "/tickets/{ticket}/do": MOST,
    "/tickets/{ticket}/step": MOST,
    "/tickets/{ticket}/snooze": MOST,
    "/tickets/{ticket}/split": MOST,
    "/tickets/{ticket}/link": MOST,
    "/tickets/{ticket}/use": MOST,
    "/tickets/{ticket}/incidents": MOST,
    "/bulk": MOST,
    "/problems": MOST,
    "/problems/band": MOST,
    "/problems/bugs": MOST,
    "/problems/banners": MOST,
    "/settings/trackers": MOST,
    "/tickets/{ticket}/tell": MOST,
    "/tickets/{ticket}/bug": MOST,
    "/bulk/new?q=drips&all=1": MOST,
    "/strips/{ticket}": MOST,
    "/find?q=drips": MOST,
    "/find?q=give+{ticket}+to+b": MOST,
    "/receipts/{run}": MOST,
    "/licences": MOST,
    "/grade": MOST,
    "/licences/leak": MOST,
    "/articles": MOST,
    "/articles/{article}": MOST,
    "/articles/{article}/edit": MOST,
    "/reports": MOST,
    "/reports/holdout": MOST,
    "/intake": MOST,
    "/intake/account": MOST,
    "/settings": MOST,
    "/settings/people": MOST,
    "/settings/keys": MOST,
    "/settings/config": MOST,
    "/settings/check": MOST,
    "/rollout": MOST,
    "/settings/rules": MOST,
    "/settings/rules/new": MOST,
    "/settings/rules/check?condition=drips": MOST,
    "/settings/rules/{rule}": MOST,
    "/settings/rules/{rule}/test": MOST,
    "/settings/rules/{rule}/versions/1": MOST,
    "/settings/schedules": MOST,
    "/settings/schedules/{schedule}": MOST,
    "/settings/macros": MOST,
    "/settings/macros/{macro}": MOST,
    "/settings/routing": MOST,
    "/settings/routing/{route}": MOST,
    "/settings/staffing": MOST,
    "/tickets/{ticket}/rules": MOST,
    "/tickets/{ticket}/macro": MOST,
    "/settings/lists/type": MOST,
    "/settings/lists/tag": MOST,
    "/settings/lists/type/value?key=bug": MOST,
    "/settings/matrix": MOST,
    "/settings/fields": MOST,
    "/settings/forms": MOST,
    "/settings/forms/new": MOST,
    "/settings/intents": MOST,
    "/settings/intents/leak": MOST,
    "/tickets/new": MOST,
    "/me": MOST,
    "/me/notifications": MOST,
    "/notifications": MOST,
    "/help/": MOST,
    "/help/leaks-after-descaling": MOST,
}


@pytest.fixture
def fill(ana, ana_user, ben_user, desk, mara, ticket, suggested) -> Callable[[], dict[str, int]]:
    """A desk with something of everything; called again it holds more."""

    def more() -> dict[str, int]:
        numbers = automated(ana, ben_user)
        for _ in range(4):
            other = cast.opened(desk, mara, "It drips too")
            assign(other, ben_user, by=ana)
            note(other, "As the last one.", by=ana)
            tag(other, add=["vip"], by=ana)
            reply(cast.opened(desk, mara), "Turn the ring.", by=ana)
            message = cast.says(ticket, "One more.", files=[keep("ring.png", "image/png", b"\x89PNG")])
            Raw.objects.create(inbox=desk.inbox, door="smtp", content=b"x", size=1, digest="0" * 64, state="failed")
            message.runs.all().delete()
            add_points(ticket, [f"Look at {other.pk}"], by=ana)
            link(other, ticket, "incident", by=ana)
            tell(other, ana_user, "Look at this one.", by=CLOCK)
            notify(Event.objects.latest("id"))
        run = ticket.runs.first() or suggested(ticket)
        hand_off(ticket, desk.billing, "wrong_team", "Look at the invoice.", by=ana)
        suggested(cast.opened(desk, mara))
        return {"ticket": ticket.pk, "run": run.pk, "article": run.evidence[0]["id"], **numbers}

    return more


def automated(ana, owner) -> dict[str, int]:
    """Four more rules, schedules and macros; the numbers of the first ones."""
    actions = [{"do": "tag", "add": ["vip"]}]
    cast.agent(f"Agent{Rule.objects.count()} Somebody")
    for number in range(4):
        save_rule(None, Draft(f"Rule {number}", condition=f"drips {number}", actions=actions, owner=owner), by=ana)
        save_schedule(None, schedules.Draft(f"Schedule {number}", actions=actions, owner=owner), by=ana)
        skill = save_skill(f"skill {Skill.objects.count()}", by=ana)
        save_person(owner, most=9, skills=[skill], limits={"email": 4}, by=ana)
        add_absence(owner, now() + timedelta(days=9), now() + timedelta(days=10 + number), by=ana)
        save_route(None, routes.Draft(f"Route {number}", skills=[skill], owner=owner), by=ana)
        save_macro(None, f"Macro {Macro.objects.count()}", actions, by=ana)
    return {name: kind.objects.earliest("id").pk for name, kind in KINDS.items()}


KINDS = {"rule": Rule, "schedule": Schedule, "macro": Macro, "route": Route}


def queries(client, path: str) -> int:
    """As when the process has to read the governed lists anew, which it does at most once a second."""
    forget()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(captured)


def test_no_page_asks_more_than_it_may_nor_more_with_more_rows(admins_web, fill, monkeypatch):
    """Banners are asked for once in a few seconds, by whichever page comes first."""
    monkeypatch.setattr(banners, "STANDS", 600.0)
    numbers = fill()
    few = {page: queries(admins_web, page.format(**numbers)) for page in PAGES}
    few = {page: queries(admins_web, page.format(**numbers)) for page in PAGES}  # caches are warm now
    fill()
    many = {page: queries(admins_web, page.format(**numbers)) for page in PAGES}

    assert {page: count for page, count in many.items() if count > PAGES[page]} == {}
    assert {page: (few[page], many[page]) for page in PAGES if many[page] > few[page]} == {}
