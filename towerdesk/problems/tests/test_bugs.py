"""Reports of one defect gather into one bug: what it says of itself, whom it concerns, and what may not leave the desk."""

import numpy as np
import pytest

from towerdesk.knowledge.index import pack
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict
from towerdesk.people.models import Organisation
from towerdesk.problems.bugs.environment import environment_in, gathered
from towerdesk.problems.bugs.gather import add_report, begin_bug, bugs_like, bugs_near, reports_like, same_bug
from towerdesk.problems.bugs.redact import redacted
from towerdesk.problems.bugs.template import body, environment_of, evidence
from towerdesk.problems.bugs.worth import weigh, worth_of
from towerdesk.problems.models import Sighting
from towerdesk.problems.tests.conftest import MODEL, toward
from towerdesk.testing import cast

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 "
    "Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I use Chrome 126 on Windows 11.", {("Browser", "Chrome 126"), ("System", "Windows 11")}),
        (
            "app version 5.4.1 on my iPhone 15 Pro, iOS 17.2",
            {("App", "app 5.4.1"), ("Device", "iPhone 15 Pro"), ("System", "iOS 17.2")},
        ),
        ("Firmware v3.2 since Tuesday", {("App", "firmware 3.2")}),
        ("My order 126 came on 11 May", set()),
        (f"Sent with\n{IPHONE}", {("Browser", "Mobile Safari 17.2"), ("System", "iOS 17.2"), ("Device", "iPhone")}),
    ],
)
def test_the_environment_is_read_from_what_they_write(text, said):
    assert environment_in(text) == said


def test_what_most_reports_say_comes_first():
    met = gathered({1: ["Chrome 126", "Chrome 126 again"], 2: ["Chrome 126, Firefox 128"], 3: ["Windows 11"]})

    assert [(one.value, one.count) for one in met] == [("Windows 11", 1), ("Chrome 126", 2), ("Firefox 128", 1)]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Write to mara@lindqvist.example", "Write to [mail]"),
        ("Call me: +49 30 901820", "Call me: [phone]"),
        ("Mara Lindqvist here, and mara says so", "[name] here, and mara says so"),
        ("https://shop.example/pay?token=abcdef123", "https://shop.example/pay?[…]"),
        ("My card is 4111 1111 1111 1111", "My card is [number]"),
        ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [number] please"),
        ("From 192.168.1.20", "From [network address]"),
        ("Version 5.4.1 fails on Windows 11", "Version 5.4.1 fails on Windows 11"),
    ],
)
def test_what_says_who_it_is_is_taken_out(text, safe):
    assert redacted(text, ["Mara Lindqvist"]) == safe


@pytest.fixture
def reports(desk, mara, jonas):
    """Two that lie near each other, and one that does not."""
    chance = np.random.default_rng(2)
    tickets = [
        cast.opened(
            desk,
            mara,
            "Mara Lindqvist: the app crashes",
            "On my iPhone 15 with iOS 17.2. Mara Lindqvist, mara@lindqvist.example",
        ),
        cast.opened(desk, jonas, "Crash", "It crashes, iOS 17.2."),
        cast.opened(desk, jonas, "Leak", "It leaks."),
    ]
    for ticket, topic in zip(tickets, (3, 3, 9), strict=True):
        vector = pack(toward(topic, chance, 0.5)[None])
        Sighting.objects.create(ticket=ticket, at=now(), person=ticket.requester_id, vector=vector, model=MODEL)
    return tickets


@pytest.mark.django_db
class TestGathering:
    def test_a_ticket_begins_a_bug_that_no_customer_is_written_to_on(self, reports, ana):
        bug = begin_bug(reports[0], by=ana)

        assert (bug.ticket.type, bug.ticket.subject) == ("bug", "[name]: the app crashes")
        assert bug.ticket.requester.name == "Ana Reyes"
        assert reports[0].type == "question"  # the customer's ticket is what it was

    def test_the_same_is_asked_about_and_something_else_is_not(self, reports, ana):
        bug = begin_bug(reports[0], by=ana)

        assert [one.ticket for one in bugs_like(reports[1], ana)] == [bug.ticket]
        assert [one.ticket for one in reports_like(bug, ana)] == [reports[1]]
        assert bugs_like(reports[2], ana) == []

    def test_a_ticket_reports_one_bug(self, reports, ana):
        bug, other = begin_bug(reports[0], by=ana), begin_bug(reports[2], by=ana)

        with pytest.raises(Conflict, match=f"a report of bug {bug.pk}"):
            add_report(other, reports[0], by=ana)

    def test_two_bugs_that_are_the_same_become_one(self, reports, ana):
        bug, other = begin_bug(reports[0], by=ana), begin_bug(reports[1], by=ana)
        assert [one.ticket for one in bugs_near(bug, ana)] == [other.ticket]

        same_bug(other, bug, by=ana)

        assert worth_of([bug], ana)[bug.pk].reports == 2

    def test_a_customer_counts_once_and_as_much_as_their_field_says(self, reports, ana, mara):
        mara.organisation = Organisation.objects.create(name="Lindqvist AB")
        mara.save()
        for one, tier in zip(reports, ("gold", "basic", "basic"), strict=True):
            one.fields, one.organisation = {"tier": tier}, one.requester.organisation
            one.save()
        bug = begin_bug(reports[0], by=ana)
        add_report(bug, reports[1], by=ana)
        add_report(bug, reports[2], by=ana)
        assert (worth_of([bug], ana)[bug.pk].customers, worth_of([bug], ana)[bug.pk].value) == (2, 2.0)

        weigh("tier", {"gold": "10", "basic": "0,5"}, by=ana)

        assert worth_of([bug], ana)[bug.pk].value == 10.5

    def test_what_goes_to_a_tracker_names_nobody_unless_a_person_wants_it(self, reports, ana):
        bug = begin_bug(reports[0], by=ana)
        add_report(bug, reports[1], by=ana)
        both = reports[:2]
        said = (bug, environment_of(both), worth_of([bug], ana)[bug.pk], evidence(both))

        safe = body(*said, whole=(), link="https://desk.example/b")
        whole = body(*said, whole=[reports[0].pk], link="https://desk.example/b")

        assert "lindqvist" not in safe.lower()
        assert "- System: iOS 17.2 (2 of 2)" in safe
        assert "Reported by 2 customers" in safe
        assert "mara@lindqvist.example" in whole
