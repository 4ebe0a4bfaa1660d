"""Putting a set-up in: what differs is told first, what is wrong is named with its place, nothing vanishes by itself."""

import pytest

from towerdesk.accounts.models import Team
from towerdesk.automation.models import Rule
from towerdesk.channels.models import Inbox
from towerdesk.events.models import Event
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.setup.bring_in import bring_in, preview
from towerdesk.setup.say import lines
from towerdesk.setup.tree import read_text, read_tree
from towerdesk.testing import cast
from towerdesk.tickets.models import Intent


def refusal(text, **more):
    with pytest.raises(Invalid) as refused:
        bring_in(read_text(text, "set-up.yaml"), by=CLOCK, **more)
    return str(refused.value)


def test_a_new_name_is_told_and_then_put_in(desk):
    tree = read_text("teams:\n  - slug: billing\n    name: Invoices\n")

    assert "~ teams billing: name “Billing” → “Invoices”" in lines(preview(tree, by=CLOCK))
    assert Team.objects.get(slug="billing").name == "Billing"

    bring_in(tree, by=CLOCK)

    assert Team.objects.get(slug="billing").name == "Invoices"
    assert Event.objects.get(kind="config.imported").data["changes"] == ["~ teams billing: name “Billing” → “Invoices”"]


def test_what_the_file_does_not_have_stays(desk):
    diff = bring_in(read_text("teams:\n  - slug: billing\n    name: Billing\n"), by=CLOCK)

    assert Team.objects.filter(slug="repairs").exists()
    assert lines(diff) == ["  teams repairs stays: only --prune takes away"]


def test_pruning_deletes_what_nothing_needs_and_keeps_what_something_does(desk):
    cast.agent("Ben Okafor", desk.repairs)
    Team.objects.create(name="Empty", slug="empty")
    tree = read_text("teams:\n  - slug: billing\n    name: Billing\n")

    diff = bring_in(tree, by=CLOCK, prune=True)

    assert lines(diff)[0] == "- teams empty is deleted"
    assert "repairs stays: Repairs has " in lines(diff)[1]
    assert set(Team.objects.values_list("slug", flat=True)) == {"billing", "repairs"}


def test_an_intent_in_use_is_retired(desk, ticket):
    ticket.intent = Intent.objects.create(slug="drip", name="It drips", team=desk.repairs)
    ticket.save()

    diff = bring_in(read_text("intents: []\n"), by=CLOCK, prune=True)

    assert lines(diff) == ["- intents drip is in use, so it is retired"]
    assert Intent.objects.get(slug="drip").active is False
    assert bring_in(read_text("intents: []\n"), by=CLOCK, prune=True).differences == []


def test_one_wrong_entry_refuses_all(desk):
    text = "teams:\n  - slug: parts\n    name: Parts\nintents:\n  - slug: leak\n    name: Leaks\n    team: nowhere\n"

    said = refusal(text)

    assert said == ("set-up.yaml, line 5 (leak): there is no team “nowhere”: add it to the teams, or name another one.")
    assert not Team.objects.filter(slug="parts").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("teems: []", "line 1: there is no section “teems”. Did you mean “teams”?"),
        ("teams:\n  - slug: a\n    nam: b", "line 3 (a): there is no “nam” here: did you mean “name”."),
        ("teams:\n  - slug: a\n", "line 2 (a): “name” is missing: add it."),
        ("teams:\n  - slug: a\n    name: 5\n", "line 3 (a): “name” is a text: put 5 in quotation marks."),
        ("teams:\n  - slug: a\n    name: A\n  - slug: a\n    name: B", "line 4 (a): “a” stands in set-up.yaml, line 2"),
        ("teams:\n  - slug: a\n    slug: b\n", "line 3: “slug” stands there twice: take one of them out."),
        ("teams:\n  - &a slug: b\n  - *a\n", "line 3: “*” repeats something from above: write it out in full."),
        ("teams:\n  slug: a\n", "line 1: teams is a list; each entry begins with “- ”."),
        ("teams: [a\0]", "is not YAML as we read it"),
        ("teams: [a\n", "line 2: this is not YAML as we read it"),
        ("teams:\n  - !!python/object:os.system x\n", "this is not YAML as we read it"),
        ("- a\n", "set-up.yaml is not a set-up: it begins with the name of a section"),
        ("rules:\n  - name: R\n    condition: team:nope\n    actions: []\n", "line 2 (R): There is no team “nope”."),
        ("rules:\n  - name: R\n    actions: [{do: dance}]\n", "line 2 (R): There is no such action"),
    ],
)
def test_a_mistake_is_named_with_its_place(desk, text, says):
    assert says in refusal(text)


def test_a_folder_names_the_file(desk, tmp_path):
    (tmp_path / "teams.yaml").write_text("- slug: a\n")

    with pytest.raises(Invalid, match=r"teams\.yaml, line 1 \(a\): “name” is missing"):
        read_tree(tmp_path)


def test_the_order_of_rules_is_part_of_it(desk):
    for name in ("First", "Second"):
        Rule.objects.create(name=name, actions=[{"do": "tag", "add": ["x"]}])
    text = "rules:\n" + "".join(
        f"  - name: {name}\n    actions:\n      - do: tag\n        add: [x]\n" for name in ("Second", "First")
    )

    diff = bring_in(read_text(text), by=CLOCK)

    assert lines(diff) == ["~ rules: the order is Second, First"]
    assert [rule.name for rule in Rule.objects.all()] == ["Second", "First"]


def test_secrets_stay_at_home(desk):
    desk.inbox.settings = {"catch_all": True, "imap": {"host": "mail.example", "password": "sealed"}}
    desk.inbox.save()
    tree = read_text(
        "inboxes:\n  - address: support@brasswell.example\n    name: Help\n    team: repairs\n"
        "    settings:\n      catch_all: false\n"
    )

    bring_in(tree, by=CLOCK)

    inbox = Inbox.objects.get(pk=desk.inbox.pk)
    assert (inbox.name, inbox.settings["catch_all"]) == ("Help", False)
    assert inbox.settings["imap"]["password"] == "sealed"


def test_what_was_agreed_to_is_what_is_done(desk):
    tree = read_text("teams:\n  - slug: billing\n    name: Invoices\n")
    seen = preview(tree, by=CLOCK).digest
    Team.objects.filter(slug="billing").update(name="Bills")

    with pytest.raises(Conflict, match="look at the differences again"):
        bring_in(tree, by=CLOCK, seen=seen)


def test_an_agent_may_not_do_it(desk, ben):
    with pytest.raises(Refused):
        bring_in(read_text("teams: []"), by=ben)
