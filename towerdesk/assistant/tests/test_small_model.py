"""A real model writes and points, over a real server. It is far too small to do either well: so much the better.

Opt-in: `TOWERDESK_TEST_LLM` names a Python that has it (`scripts/small-model`).
"""

import os

import pytest

from towerdesk.assistant import llm
from towerdesk.assistant.consider import consider
from towerdesk.assistant.models import Asking
from towerdesk.testing import cast, small_model
from towerdesk.testing.lessons import QUESTION

needs_it = pytest.mark.skipif(small_model.PYTHON not in os.environ, reason=small_model.MISSING)


@pytest.fixture(scope="module")
def served():
    with small_model.serving() as url:
        yield url


@pytest.fixture
def asked_of(served, monkeypatch):
    monkeypatch.setenv("TOWERDESK_LLM", small_model.NAME)
    monkeypatch.setenv("TOWERDESK_LLM_URL", served)
    monkeypatch.setenv("TOWERDESK_LLM_SECONDS", "300")


@needs_it
def test_whatever_it_writes_only_what_the_article_says_is_proposed(taught, desk, mara, asked_of):
    run = consider(cast.opened(desk, mara, "Return", QUESTION).messages.get())

    [asked] = [step["sentence"] for step in run.steps if step["name"] == "Asked the model"]
    assert "of its sentences rest on a source" in asked
    assert run.receipt.body["model"] == small_model.NAME
    assert "30 days" in run.reply
    assert all(sentence["support"] > 0 for sentence in run.grounded)
    assert [one.purpose for one in Asking.objects.all()] == ["word"]


@needs_it
def test_it_keeps_to_the_form_that_is_asked_for(db, asked_of):
    needed = {
        "order": "Which order is it about?",
        "address": "The new address: street and number, then postcode and city",
    }
    said = "Please change the delivery address of my order B-10234.\nLindenstraße 12, 10969 Berlin\n\nMany thanks\nMara Weber"

    found = llm.point_at(needed, f"Hello,\n\n{said}")

    assert found["order"] == "B-10234"
    assert set(found) <= set(needed)


def test_without_it_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setenv(small_model.PYTHON, "/nowhere/python")

    with pytest.raises(small_model.NoSmallModel, match="scripts/small-model"), small_model.serving():
        pass
