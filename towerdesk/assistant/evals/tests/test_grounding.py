"""True sentences made wrong are cut, honest ones stay: a small part of what `towerdesk ai evaluate grounding` measures."""

from random import Random

import pytest

from tests.house.tree import ROOT
from towerdesk.assistant.evals.corrupt import KINDS, World, corrupted
from towerdesk.assistant.evals.grounding import evaluate
from towerdesk.assistant.evals.reword import reworded
from towerdesk.cli.main import run
from towerdesk.lib.embedding.minilm import minilm

ARTICLES = ROOT / "towerdesk/cli/demo/company/articles"
SOME = ("choose-a-machine", "delivery-times-and-costs", "wholesale-prices-and-terms", "return-an-item")
WORLD = World(("Duo", "Solo 2", "WF-1"), ("Duo", "Solo 2"))


def test_of_a_few_articles_all_that_is_wrong_is_cut_and_all_that_is_quoted_stays():
    articles = {name: (ARTICLES / f"{name}.md").read_text() for name in SOME}

    figures = evaluate(articles, embedder=minilm(), seed=7, most=12)

    told = figures.as_dict()
    assert told["corruptions"] > 60
    assert (told["caught"], figures.slipped) == (1.0, [])
    assert (told["false cuts of quotes"], figures.lost) == (0.0, [])


@pytest.mark.parametrize(
    ("kind", "true"),
    [
        ("digit", "It takes 14 days."), ("amount", "It costs € 5.90."), ("unit", "It takes 14 days."),
        ("currency", "It costs € 5.90."), ("date", "We open on Monday."), ("time", "Before 15:00 it leaves."),
        ("name", "The Duo is ready."), ("plan", "The Duo is ready."), ("misplaced", "It is ready in time."),
        ("denial dropped", "You cannot return it."), ("denial added", "You can return it."),
        ("strength", "You must sign in."), ("limit", "It holds up to 5 cups."), ("limit dropped", "It holds up to 5 cups."),
        ("condition dropped", "If it rains, we come later."), ("opposite", "Open the tank."), ("link", "Print the label."),
        ("address", "Print the label."), ("numbers swapped", "It costs € 5 or € 9."), ("invented", "Print the label."),
    ],
)  # fmt: skip
def test_each_kind_of_wrong_has_its_way(kind, true):
    assert corrupted(true, WORLD, 1)[kind] == KINDS[kind](true, Random(f"1 {kind} {true}"), WORLD)
    assert corrupted(true, WORLD, 1)[kind] != true


def test_other_words_for_the_same():
    said = reworded("If you cannot print, press Print within 5 working days.")
    assert said["short forms"] == "If you can't print, press Print within 5 working days."
    assert said["number in words"] == "If you cannot print, press Print within five working days."
    assert said["condition last"] == "Press Print within 5 working days if you cannot print."


def test_the_command_says_what_slipped(tmp_path, capsys):
    (tmp_path / "a.md").write_text(
        "# Plans\n\nThe Basic plan costs € 9 a month. You must sign in before you order it.\n"
    )
    assert run(["ai", "evaluate", "grounding", "--articles", str(tmp_path), "--show", "3"]) == 0
    told = capsys.readouterr().out
    assert "caught" in told
    assert "false cuts of quotes" in told
