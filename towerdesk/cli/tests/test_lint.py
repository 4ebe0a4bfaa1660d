"""`towerdesk lint`: sentences for people, an object for programs, an exit code for both."""

import json

from towerdesk.cli.lint import command
from towerdesk.lib.actor import CLOCK
from towerdesk.sla.save import Plan, save_policy
from towerdesk.testing import cast


def test_warnings_are_sentences_and_exit_code_one(desk, capsys):
    assert command() == 1

    told = capsys.readouterr().out
    assert "no-promise: Nothing is promised" in told
    assert "Make one policy for every ticket" in told
    assert "(/settings/policies/new)" in told
    assert told.endswith("warnings from 21 checks.\n")


def test_a_program_reads_the_same(desk, capsys):
    assert command(as_json=True) == 1

    found = json.loads(capsys.readouterr().out)
    warned = next(one for one in found["warnings"] if one["check"] == "team-no-cover")
    assert warned["shows"] == [
        {"words": "Waiting in Repairs", "path": "/tickets?q=team%3Arepairs+is%3Awaiting"},
    ]
    assert len(found["checks"]) == 21


def test_a_desk_in_order_is_exit_code_zero(desk, capsys):
    cast.agent("Ana Reyes", desk.repairs)
    plan = Plan("Standard", targets={"resolution": {"normal": 60}}, steps=[("", 0, [])])
    save_policy(None, plan, by=CLOCK)

    assert command() == 0
    assert capsys.readouterr().out == "Nothing is wrong: 21 checks looked.\n"
