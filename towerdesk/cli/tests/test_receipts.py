"""`towerdesk receipts`: the chain is checked and written out."""

import json

import pytest
from typer.testing import CliRunner

from towerdesk.assistant.models import Receipt
from towerdesk.assistant.receipts import link, seal
from towerdesk.cli.receipts import app
from towerdesk.testing.evidence import decided
from towerdesk.tickets.models import Intent


@pytest.fixture
def chain(ticket, desk) -> list[Receipt]:
    intent = Intent.objects.create(slug="leak", name="Leak", team=desk.repairs)
    return [seal(run, {"run": run.pk, "score": 0.9}) for run in decided(ticket, intent, [None] * 3)]


def run(*words):
    return CliRunner().invoke(app, words)


def test_a_whole_chain_says_its_count_and_head(chain):
    said = run("verify")

    assert said.exit_code == 0
    assert said.stdout == f"3 receipts, every link holds. Head: {chain[2].chain}\n"
    assert run("verify", "--expect", chain[1].chain).exit_code == 0


def test_the_first_broken_link_is_named(chain):
    chain[1].body["score"] = 1.0
    chain[1].save()
    said = run("verify")

    assert said.exit_code == 1
    assert f"Receipt {chain[1].pk} of run {chain[1].run_id} was changed after it was sealed. 1 receipts" in said.stdout
    told = json.loads(run("verify", "--json").stdout)
    assert (told["holds"], told["first_broken"], told["head"]) == (False, chain[1].pk, chain[0].chain)


def test_one_that_was_taken_out_is_missed(chain):
    chain[1].delete()
    assert f"Receipt {chain[2].pk} does not follow the one before it" in run("verify").stdout


def test_those_cut_off_at_the_end_are_missed_by_a_head_that_was_written_down(chain):
    head = chain[2].chain
    chain[2].delete()

    assert run("verify").exit_code == 0
    said = run("verify", "--expect", head)
    assert (said.exit_code, "receipts were cut off" in said.stdout) == (1, True)


def test_the_export_can_be_checked_by_anybody(chain, tmp_path):
    file = tmp_path / "receipts.jsonl"
    assert run("export", "--to", str(file)).stdout == f"3 receipts are in {file}.\n"

    previous = ""
    for line in file.read_text().splitlines():
        one = json.loads(line)
        assert (one["previous"], one["chain"]) == (previous, link(previous, one["body"]))
        previous = one["chain"]
