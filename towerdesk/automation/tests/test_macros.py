"""Macros fill in the ticket's words and do everything or nothing."""

import pytest

from towerdesk.automation.macros import apply, preview_macro
from towerdesk.automation.models import Macro
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.change import change


def macro(*actions, **more):
    return Macro.objects.create(name="Ask for the number", actions=list(actions), **more)


ASK = {"do": "reply", "text": "Hello {{requester.first_name}}, about {{ticket.number}}: …\n{{ me.first_name }}"}


def test_placeholders_are_filled_in(ticket, ana):
    apply(macro(ASK, {"do": "tag", "add": ["asked"]}), ticket, by=ana)

    assert ticket.messages.get(direction="out").text == f"Hello Mara, about {ticket.number}: …\nAna"
    assert ticket.tags == ["asked"]


def test_it_says_beforehand_what_it_would_do(ticket, ana):
    assert preview_macro(macro(ASK), ticket, ana)[0].startswith("Writes to Mara Lindqvist: “Hello Mara")
    assert not ticket.messages.filter(direction="out").exists()


def test_an_unknown_placeholder_is_one_sentence_and_does_nothing(ticket, ana):
    with pytest.raises(Invalid, match=r"no placeholder \{\{requester.age\}\}: use one of \{\{requester.first_name\}\}"):
        apply(macro({"do": "tag", "add": ["half"]}, {"do": "note", "text": "{{requester.age}}"}), ticket, by=ana)

    ticket.refresh_from_db()
    assert ticket.tags == []


def test_what_a_customer_wrote_is_not_read_as_a_placeholder(ticket, ana):
    change(ticket, subject="{{me.signature}} {{nonsense}}", by=ana)

    apply(macro({"do": "note", "text": "About {{ticket.subject}}"}), ticket, by=ana)

    assert ticket.messages.get(public=False).text == "About {{me.signature}} {{nonsense}}"


def test_a_macro_switched_off_says_so(ticket, ana):
    with pytest.raises(Invalid, match="switched off"):
        apply(macro(ASK, active=False), ticket, by=ana)
