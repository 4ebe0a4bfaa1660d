import numpy as np
import pytest

from tests.convert_stackfaq import convert
from tests.data import data
from towerdesk.knowledge.bm25 import Lexicon
from towerdesk.knowledge.rank import Entry, Index
from towerdesk.lib.embedding.fake import FakeEmbedder

ARTICLES = {
    "returns": "Send a grinder back. Pack the grinder and the brush, and print the return label.",
    "descale": "Descale the machine. Mix the citric acid with water, and run the machine twice.",
    "invoice": "Change an invoice. Write the new address, and we send the invoice again.",
}


@pytest.fixture
def index():
    entries = [Entry(name, f"{name}-1", text) for name, text in ARTICLES.items()]
    return Index(entries, FakeEmbedder().embed(list(ARTICLES.values())))


def ask(index, question):
    [vector] = FakeEmbedder().embed([question])
    return index.search(question, vector)


def test_the_article_that_answers_comes_first(index):
    assert ask(index, "how do I send back my grinder?")[0].article == "returns"
    assert ask(index, "wrong address on the invoice")[0].article == "invoice"


def test_every_article_is_ranked_and_scores_fall(index):
    found = ask(index, "descale")
    assert sorted(one.article for one in found) == sorted(ARTICLES)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_the_best_chunk_of_an_article_leads_its_chunks():
    texts = ["about cups and saucers", "about burrs and grinders"]
    index = Index([Entry("a", 1, texts[0]), Entry("a", 2, texts[1])], FakeEmbedder().embed(texts))
    [found] = ask(index, "grinders with burrs")
    assert [chunk for chunk, _ in found.chunks] == [2, 1]


def test_a_title_speaks_for_its_article():
    texts = ["long text on water and heat", "long text on water and hoses"]
    [title] = FakeEmbedder().embed(["leaking boiler"])
    index = Index([Entry("a", 1, texts[0]), Entry("b", 2, texts[1])], FakeEmbedder().embed(texts), {"b": title})
    assert ask(index, "boiler is leaking")[0].article == "b"


def test_an_empty_index_finds_nothing():
    assert Index([], np.zeros((0, 384), np.float32)).search("anything", np.zeros(384, np.float32)) == []


def test_word_scores_lie_between_none_and_all():
    lexicon = Lexicon(list(ARTICLES.values()))
    scores = lexicon.scores("return label")
    assert scores.shape == (3,)
    assert scores.argmax() == 0
    assert 0 < scores[0] < 1
    assert (scores[1:] == 0).all()


def test_words_nobody_wrote_lower_the_score():
    lexicon = Lexicon(list(ARTICLES.values()))
    assert lexicon.scores("grinder zeppelin")[0] < lexicon.scores("grinder")[0]
    assert not lexicon.scores("zeppelin").any()
    assert not lexicon.scores("").any()


def test_stackfaq_becomes_articles_and_questions(tmp_path):
    assert convert(data("faq-stackfaq") / "stackExchange-FAQ.xml", tmp_path) == (125, 1250)
    assert len(list((tmp_path / "articles").glob("*.md"))) == 125
