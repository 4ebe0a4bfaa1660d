from contextlib import ExitStack
from datetime import timedelta

from django.db import connection

from towerdesk.accounts.models import Team
from towerdesk.lib import clock
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.web.bays import PLACES
from towerdesk.web.strips import strips_of


def strips(page: str, bay: str) -> list[str]:
    """The numbers that lie in a bay, in order."""
    section = page.split(f'id="{bay}"', 1)[1].split("</section>", 1)[0]
    return [piece.split('"', 1)[0] for piece in section.split('data-number="')[1:]]


def tower(client, path="/"):
    return client.get(path).content.decode()


def test_a_ticket_waits_on_us_until_it_is_answered(web, ben, ticket):
    assert strips(tower(web), "us") == [str(ticket.pk)]

    reply(ticket, "Turn the ring by half.", by=ben)

    assert strips(tower(web), "us") == []
    assert strips(tower(web), "cust") == [str(ticket.pk)]


def test_a_ticket_that_is_resolved_while_the_page_is_put_together_is_left_out(web, ben, desk, mara):
    going, staying = cast.opened(desk, mara, "Going"), cast.opened(desk, mara, "Staying")

    watching = ExitStack()

    def resolves_between(execute, sql, params, many, context):
        rows = execute(sql, params, many, context)
        if "step_kind" in sql and "LIMIT" in sql:
            watching.close()
            resolve(going, "Solved by phone", by=ben)
        return rows

    watching.enter_context(connection.execute_wrapper(resolves_between))
    with watching:
        assert strips(tower(web), "us") == [str(staying.pk)]
    going.refresh_from_db()
    assert going.status == "resolved"


def test_a_bay_counts_what_lies_in_it_when_its_last_ticket_goes_while_the_page_is_put_together(web, ben, ticket):
    watching = ExitStack()

    def resolves_after_the_count(execute, sql, params, many, context):
        if "step_kind" in sql and "LIMIT" in sql:
            watching.close()
            resolve(ticket, "Solved by phone", by=ben)
        return execute(sql, params, many, context)

    watching.enter_context(connection.execute_wrapper(resolves_after_the_count))
    with watching:
        bay = tower(web).split('id="us"', 1)[1].split("</section>", 1)[0]

    assert "Nobody waits on us." in bay
    assert "more" not in bay


def test_what_is_due_first_lies_on_top(web, ben, desk, mara):
    first, second = cast.opened(desk, mara, "Calm"), cast.opened(desk, mara, "Urgent")
    change(second, by=ben, priority="critical")

    assert strips(tower(web), "us") == [str(second.pk), str(first.pk)]


def test_a_broken_promise_is_red_and_said(web, desk, mara):
    with clock.at(clock.now() - timedelta(hours=8, minutes=18)):
        late = cast.opened(desk, mara)
    page = tower(web)

    assert "18 m late" in page
    assert 'data-due="late"' in page
    assert "<b>1</b>late" in page
    assert strips(page, "us") == [str(late.pk)]


def test_a_suggestion_needs_approval_and_shows_that_it_is_not_proven(web, ticket, suggested):
    suggested(ticket)
    page = tower(web)

    assert strips(page, "ask") == [str(ticket.pk)]
    assert 'class="mark unproven"' in page
    assert ", not proven" in page


def test_an_empty_bay_says_so_in_a_sentence(web):
    assert "Nobody waits on us." in tower(web)


def test_a_new_desk_tells_its_administrator_where_to_begin(web, admins_web, desk, mara):
    assert "Where to begin" in tower(admins_web)
    assert "Where to begin" not in tower(web)

    cast.opened(desk, mara)

    assert "Where to begin" not in tower(admins_web)


def test_one_teams_tower(web, ben, desk, mara, ticket):
    other = cast.opened(desk, mara, "Charged twice")
    assign(other, desk.billing, by=ben)

    assert strips(tower(web, "/?team=billing"), "us") == [str(other.pk)]
    assert strips(tower(web, "/?team=nonsense"), "us") == [str(ticket.pk), str(other.pk)]


def test_nobody_sees_a_strip_of_a_ticket_that_is_not_theirs(bens_web, web, desk, ticket):
    legal = Team.objects.create(name="Legal", slug="legal", restricted=True)
    Ticket.objects.filter(pk=ticket.pk).update(team=legal)

    assert strips(tower(bens_web), "us") == []
    assert bens_web.get(f"/strips/{ticket.pk}").status_code == 204
    assert bens_web.get(f"/tickets/{ticket.pk}").status_code == 404
    assert bens_web.get("/board").json()["tally"]["late"] == 0
    assert strips(tower(web), "us") == [str(ticket.pk)]  # Ana leads


def test_a_full_bay_shows_its_first_and_counts_them_all(web, desk, mara):
    most = PLACES[0].most
    for number in range(most + 3):
        cast.opened(desk, mara, f"Drip {number}")
    page = tower(web)

    assert len(strips(page, "us")) == most
    assert f'<span class="count" data-count>{most + 3}</span>' in page
    assert "and 3 more" in page


def test_the_board_says_the_same_as_the_page(web, ticket):
    board = web.get("/board").json()

    assert board["bays"] == {"answer": 1, "approve": 0, "assistant": 0, "customer": 0, "others": 0}
    assert board["tally"] == {"late": 0, "soon": 0, "ask": 0, "ai": 0}


def test_a_strip_alone_for_the_page_that_heard_of_a_change(web, ticket):
    part = web.get(f"/strips/{ticket.pk}").content.decode()

    assert part.startswith(f'<li id="strip-{ticket.pk}"')
    assert "Group head drips" in part


def test_a_strip_is_escaped(web, desk, mara):
    cast.opened(desk, mara, "<script>alert(1)</script>")

    assert "<script>alert" not in tower(web)


def test_the_owner_is_you_or_a_team(ana, ana_user, ticket):
    assert strips_of(Ticket.objects.all(), ana)[0].owner_kind == "team"

    assign(ticket, ana_user, by=ana)

    [strip] = strips_of(Ticket.objects.all(), ana)
    assert (strip.owner, strip.owner_kind, strip.face) == ("Ana Reyes (you)", "me", "AR")
