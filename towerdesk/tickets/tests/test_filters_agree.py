"""A list and a rule never disagree: random conditions about random tickets, asked of the database and in memory."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from towerdesk.lib.clock import at
from towerdesk.people.models import Organisation, Person
from towerdesk.testing import cast
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.models.ticket import PRIORITIES, STATUSES, STEPS, TYPES
from towerdesk.tickets.resolve import KINDS, KNOWN_BY

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def names(choices):
    return some.sampled_from([value for value, _ in choices])


times = some.integers(-20 * 24 * 60, 3 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
codes = some.sampled_from(["", "de", "en", "Straße", "İzmir", "100%", "a_b"])
lasting = some.builds(
    "{}{}{}".format, some.sampled_from("<>"), some.integers(0, 30), some.sampled_from(["m", "h", "d", "w"])
)
days = some.builds(
    "{}{}".format,
    some.sampled_from(["", "<", "<=", ">", ">=", "="]),
    some.sampled_from(["today", "yesterday", "tomorrow", "2026-11-20", "2026-11-24"]),
)
numbers = some.builds(
    "{}{}".format, some.sampled_from(["", "<", "<=", ">", ">="]), some.sampled_from(["0", "0.5", "1", "2"])
)
nothing = some.sampled_from(["none", "any"])
moments = lasting | days | nothing | some.just("2026-11-10..2026-11-23")

tickets = some.fixed_dictionaries(
    {
        "status": names(STATUSES),
        "priority": names(PRIORITIES),
        "type": names(TYPES),
        "step_kind": names(STEPS),
        "handler": some.sampled_from(["person", "assistant"]),
        "language": codes,
        "mood": codes,
        "product_area": codes,
        "tags": some.lists(some.sampled_from(["vip", "loud", "50%"]), unique=True),
        "score": some.none() | some.sampled_from([0.0, 0.5, 0.79, 1.0]),
        "rating": some.none() | some.integers(1, 3),
        "due_at": times,
        "created_at": times,
        "updated_at": times,
        "resolved_at": some.none() | times,
        "first_reply_at": some.none() | times,
        "resolution": some.sampled_from(["", *KINDS]),
        "known_by": some.sampled_from(["", *KNOWN_BY]),
        "team": some.sampled_from(["repairs", "billing"]),
        "assignee": some.sampled_from([None, "ana", "ben"]),
        "intent": some.sampled_from([None, "refund", "leak"]),
        "organisation": some.sampled_from([None, "Weber GmbH", "STRASSE"]),
        "requester": some.sampled_from(["mara", "jonas"]),
    }
)

clauses = some.one_of(
    some.builds("status:{},{}".format, names(STATUSES), names(STATUSES)),
    some.builds("priority:{}".format, names(PRIORITIES)),
    some.builds("type:{}".format, names(TYPES)),
    some.builds("step:{}".format, names(STEPS)),
    some.builds("{}:{}".format, some.sampled_from(["due", "created", "updated", "resolved"]), moments),
    some.builds(
        "{}:{}".format, some.sampled_from(["score", "rating"]), nothing | numbers.filter(lambda text: "." not in text)
    ),
    some.builds("score:{}".format, numbers),
    some.builds('{}:"{}"'.format, some.sampled_from(["language", "mood", "area"]), codes.filter(bool) | nothing),
    some.builds("tag:{}".format, some.sampled_from(["vip", "loud", "50%", "none", "any", "VIP"])),
    some.builds("resolution:{}".format, some.sampled_from(["none", *KINDS])),
    some.builds("known_by:{}".format, some.sampled_from(["none", *KNOWN_BY])),
    some.sampled_from(
        "is:late is:mine is:unassigned is:waiting is:resolved is:unread is:answered is:merged due:late".split()
    ),
    some.sampled_from("team:repairs team:mine team:none assignee:me assignee:none assignee:any assignee:ben".split()),
    some.sampled_from(
        "handler:assistant intent:refund,none intent:nope inbox:support channel:EMAIL number:>1005".split()
    ),
    some.sampled_from("weber.example strasse none any".split()).map("organisation:{}".format),
    some.sampled_from(["MARA", "jonas@weber.example", "%", "nobody@weber.example"]).map("requester:{}".format),
    some.sampled_from(["drips", "nowhere", '"can I do"', "mara", "weber", 'organisation:"weber gmbh"']),
)
conditions = some.recursive(
    clauses,
    lambda inner: some.one_of(
        some.builds("-({})".format, inner),
        some.builds("({}) ({})".format, inner, inner),
        some.builds("({} OR {})".format, inner, inner),
    ),
    max_leaves=5,
)


@pytest.fixture
def world(desk, mara, jonas, ana_user, ben_user):
    """Everything a ticket can point to, by the short names that the strategies use."""
    refund = Intent.objects.create(slug="refund", name="Refund", team=desk.billing)
    leak = Intent.objects.create(slug="leak", name="It leaks", team=desk.repairs)
    weber = Organisation.objects.create(name="Weber GmbH", domain="weber.example")
    strasse = Organisation.objects.create(name="STRASSE")
    there = [refund, leak, weber, strasse, desk.repairs, desk.billing, mara, jonas]
    by_name = {str(thing): thing for thing in there}
    by_name |= {"refund": refund, "leak": leak, "repairs": desk.repairs, "billing": desk.billing}
    opened = {person: cast.opened(desk, person).pk for person in (mara, jonas)}
    return by_name | {"mara": mara, "jonas": jonas, "ana": ana_user, "ben": ben_user, "opened": opened}


def fill(world, columns):
    """Put all columns straight into a row: combinations that no verb makes must be judged the same, too."""
    person: Person = world[columns["requester"]]
    number = world["opened"][person]
    pointing = {
        name: world.get(columns[name] or "") for name in ("team", "assignee", "intent", "organisation", "requester")
    }
    Ticket.objects.filter(pk=number).update(**columns | pointing, next_step="Someone answers")
    return Ticket.objects.for_strips().get(pk=number)


@given(text=conditions, columns=tickets)
@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_list_and_a_rule_agree(world, ana, text, columns):
    with at(NOON):
        ticket = fill(world, columns)
        condition = parse(text)
        mine = Ticket.objects.filter(pk=ticket.pk)

        listed = condition.apply(mine, ana).exists()

        assert listed == condition.matches(ticket, ana), condition.explain(ticket, ana)
        assert parse(f"-({text})").apply(mine, ana).exists() != listed
        assert parse(str(condition)) == condition
