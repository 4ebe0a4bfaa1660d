"""A thousand rules ask one view of the ticket, and get the answers that the database would give."""

import pytest

from towerdesk.automation.models import Rule
from towerdesk.automation.rules import run
from towerdesk.automation.rules.asking import ANY_RULE, Questions, Seen
from towerdesk.events.models import Event
from towerdesk.testing import cast
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.note import note
from towerdesk.tickets.tag import tag

CONDITIONS = [
    "",
    "drips",
    "DRIPS",
    "drips dry",
    '"group head"',
    '"head group"',
    '"what can i do"',
    "café",
    "cafe",
    "o'neill",
    "-drips",
    "drips OR dry",
    "(drips OR dry) -tag:vip",
    'NOT ("group head" tag:vip)',
    "requester:mara@lindqvist.example",
    "requester:nobody@x.example",
    "requester:mara",
    "requester:nobody@x.example,mara",
    "mara@lindqvist.example",
    "lindqvist",
    "team:repairs",
    "team:mine",
    "assignee:none is:unassigned",
    "assignee:me OR is:mine",
    "inbox:support@brasswell.example channel:email",
    "organisation:none intent:none",
    "priority:high,normal type:question",
    "created:<1h due:<8h",
    "is:late",
    '"!!!"',
    "…",
]


@pytest.mark.parametrize("text", CONDITIONS)
def test_what_rules_see_is_what_lists_find(desk, mara, ana, text):
    ticket = cast.opened(desk, mara, "Group head drips", "It drips. What can I do? A café, O'Neill says.")
    note(ticket, "Keep it dry", by=ana)
    tag(ticket, add=["vip"], by=ana)
    condition, questions = parse(text), Questions()
    ask = questions.ask(condition)

    seen = Seen(Ticket.objects.get(pk=ticket.pk), questions.closed())

    assert ask(seen) == condition.apply(Ticket.objects.all(), ANY_RULE).exists()


def test_the_tickets_own_number_is_among_the_words(ticket):
    questions = Questions()
    ask = questions.ask(parse(f"#{ticket.pk}"))

    assert ask(Seen(ticket, questions.closed()))


def test_many_rules_cost_no_more_queries_than_few(ticket, django_assert_max_num_queries):
    conditions = [
        "word{0}", '"some phrase{0}"', "requester:p{0}@x.example", "team:repairs tag:t{0}", "intent:none number:{0}"
    ]  # fmt: skip
    for number in range(200):
        text = conditions[number % 5].format(number)
        Rule.objects.create(name=text, condition=text, actions=[{"do": "tag", "add": ["x"]}])
    run(Event.objects.get(kind="message.received"), ticket)
    fresh, event = Ticket.objects.get(pk=ticket.pk), Event.objects.get(kind="message.received")

    with django_assert_max_num_queries(5):  # still the same? answered? words, addresses, what hangs on it
        run(event, fresh)
