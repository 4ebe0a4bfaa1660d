"""The 55 guidelines of a call centre, as procedures for people."""

import pytest

from tests.playbooks.abcd import TALK, playbooks
from towerdesk.assistant.procedures import compile_procedure

ALL = playbooks()


def test_there_are_55_of_them():
    assert len(ALL) == len({playbook.key for playbook in ALL}) == 55
    assert sum(len(playbook.actions) for playbook in ALL) == 231


@pytest.mark.parametrize("playbook", ALL, ids=lambda playbook: playbook.key)
def test_each_compiles_to_a_checklist_with_its_actions_in_their_order(playbook):
    procedure = compile_procedure(playbook.text, {})

    told = [step.title for step in procedure.steps if not step.title.startswith(TALK)]
    assert [title.lower().replace(" ", "-") for title in told] == list(playbook.actions)
    assert {node.do for node in procedure.nodes} == {"task"}
    assert procedure.is_for_people
