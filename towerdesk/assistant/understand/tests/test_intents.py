import subprocess
import sys

import numpy as np
import pytest

from towerdesk.assistant.understand.intents import IntentModel
from towerdesk.assistant.understand.train import train
from towerdesk.lib.embedding.fake import FakeEmbedder
from towerdesk.lib.errors import Conflict, Invalid

KINDS = {
    "order_status": [
        "where is my order",
        "track the order please",
        "has my order shipped",
        "when does the order arrive",
    ],
    "refund": ["I want my money back", "refund the money please", "give my money back now", "money not refunded yet"],
    "invoice_copy": ["send the invoice again", "I lost the invoice", "a copy of the invoice", "invoice as a pdf"],
    "descaling": ["how do I descale it", "machine needs descaling", "descale the boiler", "descaling takes forever"],
    "cancel_plan": ["cancel my subscription", "stop the subscription", "end the subscription now", "subscription ends"],
    "password": ["forgot my password", "reset the password", "password is wrong", "new password please"],
    "hours": ["when are you open", "opening hours on sunday", "are you open today", "opening hours please"],
    "grinder": ["the grinder is loud", "grinder makes noise", "my grinder is stuck", "grinder does not grind"],
}
FAKE = FakeEmbedder()


def lessons():
    pairs = [(text, label) for label, texts in KINDS.items() for text in texts]
    return [text for text, _ in pairs], [label for _, label in pairs]


@pytest.fixture(scope="module")
def model():
    return train(*lessons(), embedder=FAKE)


def ask(model, *texts):
    return model.predict(texts, FAKE.embed(texts))


def test_a_message_gets_the_intent_it_speaks_of(model):
    guesses = ask(model, "please reset my password", "my order has not arrived", "the grinder is so loud")
    assert [guess.label for guess in guesses] == ["password", "order_status", "grinder"]


def test_a_guess_says_how_sure_it_is_and_what_came_next(model):
    [guess] = ask(model, "please send the invoice again")
    assert 0 <= guess.probability <= 1
    assert 0 <= guess.scope <= 1
    assert 0 < guess.margin < 1
    assert len(guess.runners_up) == 3
    assert guess.label not in dict(guess.runners_up)


def test_what_nobody_taught_is_less_in_scope(model):
    known, unknown = ask(model, "reset the password please", "zzyzx quokka umlaut xylophone")
    assert known.scope > unknown.scope


def test_an_empty_message_is_guessed_at_without_harm(model):
    [guess] = ask(model, "")
    assert guess.label in KINDS
    assert guess.scope < 0.5


def test_no_messages_give_no_guesses(model):
    assert model.predict([]) == []


def test_a_name_or_description_alone_teaches_something():
    texts, labels = lessons()
    told = {"gift_card": "Questions about vouchers and gift cards"}
    model = train([*texts, "voucher"], [*labels, "gift_card"], told, embedder=FAKE)
    assert ask(model, "a gift card for a friend")[0].label == "gift_card"


def test_two_intents_are_enough():
    model = train(["where is my order", "refund my money"], ["order", "refund"], embedder=FAKE)
    assert [guess.label for guess in ask(model, "order, where?", "money refund")] == ["order", "refund"]
    assert ask(model, "refund")[0].runners_up == (("order", pytest.approx(1 - share_of(model, "refund"), abs=1e-4)),)


def share_of(model, text):
    [guess] = ask(model, text)
    return (1 + guess.margin) / 2


@pytest.mark.parametrize("labels", [["order"], ["oos"], [None]])
def test_one_intent_is_not_enough(labels):
    with pytest.raises(Invalid, match="at least two"):
        train(["where is my order"], labels, embedder=FAKE)


def test_texts_out_of_scope_teach_what_is_out_of_scope():
    texts, labels = lessons()
    strange = [f"{word} {other} in the garden" for word in ("cats", "dogs", "birds", "frogs") for other in "abcdefgh"]
    model = train(texts + strange, [*labels, *["oos"] * len(strange)], embedder=FAKE)
    known, unknown = ask(model, "reset the password", "cats k in the garden")
    assert "oos" not in model.labels
    assert known.scope > unknown.scope


def test_the_same_lessons_give_the_same_model(model):
    again = train(*lessons(), embedder=FAKE)
    assert again.fingerprint == model.fingerprint
    assert train(*lessons(), embedder=FAKE, seed=0, vectors=FAKE.embed(lessons()[0])).fingerprint == model.fingerprint


def test_other_lessons_give_another_fingerprint(model):
    texts, labels = lessons()
    assert train([*texts, "open on monday?"], [*labels, "hours"], embedder=FAKE).fingerprint != model.fingerprint


def test_a_model_is_stored_and_comes_back_the_same(model):
    back = IntentModel.loads(model.dumps())
    assert back.fingerprint == model.fingerprint
    assert ask(back, "password lost", "refund") == ask(model, "password lost", "refund")


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x05\x06" + b"\0" * 18])
def test_bytes_that_are_no_model_are_refused(content):
    with pytest.raises(Invalid, match="train the intents again"):
        IntentModel.loads(content)


def test_a_truncated_model_is_refused(model):
    with pytest.raises(Invalid, match="train the intents again"):
        IntentModel.loads(model.dumps()[:-500])


def test_a_model_of_another_embedder_is_not_asked_blindly(model):
    with pytest.raises(Conflict, match="another embedding model"):
        model.predict(["where is my order"])


def test_a_guess_for_one_does_not_depend_on_the_others(model):
    [alone] = ask(model, "reset the password")
    together = ask(model, "reset the password", "x" * 5000, "")[0]
    assert alone.label == together.label
    assert alone.probability == pytest.approx(together.probability, abs=1e-5)


def test_reading_needs_no_training_library(model, tmp_path):
    (tmp_path / "model").write_bytes(model.dumps())
    code = (
        "import sys; from pathlib import Path\n"
        "from towerdesk.assistant.understand.intents import IntentModel\n"
        "from towerdesk.lib.embedding.fake import FakeEmbedder\n"
        "model = IntentModel.loads(Path(sys.argv[1]).read_bytes())\n"
        "model.predict(['hello'], FakeEmbedder().embed(['hello']))\n"
        "print([name for name in ('sklearn', 'scipy', 'onnxruntime', 'pickle5') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code, tmp_path / "model"], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_many_lessons_are_sampled_evenly():
    from towerdesk.assistant.understand.fit_head import EXAMPLES, sample

    labels = np.repeat([0, 1, 2], [5000, 3000, 40])
    kept = sample(labels, np.random.default_rng(0))
    assert len(kept) == EXAMPLES
    assert (labels[kept] == 2).sum() == 40
    assert abs(int((labels[kept] == 0).sum()) - int((labels[kept] == 1).sum())) <= 1
