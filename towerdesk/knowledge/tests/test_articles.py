"""Articles are written, published, found and retired."""

import pytest

from towerdesk.knowledge.models import Chunk, Version
from towerdesk.knowledge.publish import publish, retire
from towerdesk.knowledge.search import search_articles
from towerdesk.knowledge.write import write
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Refused

pytestmark = pytest.mark.django_db


def published(title="Descale the Solo 2", text="Use two sachets of DS-2.", **more):
    article = write(None, title, text, by=CLOCK, **more)
    publish(article, by=CLOCK)
    article.refresh_from_db()
    return article


def test_what_is_written_is_not_public_until_it_is_published(ana):
    article = write(None, "Draft", "Secret plans for café owners", by=ana)

    assert not search_articles("plans", None).exists()
    publish(article, by=ana)
    assert list(search_articles("cafe plans", None)) == [article]


def test_each_save_is_a_version_and_old_passages_stay_for_receipts():
    article = published()
    write(article, "Descale the Solo 2", "Use three sachets.", by=CLOCK)
    publish(article, by=CLOCK)

    assert Version.objects.filter(article=article).count() == 2
    assert not search_articles("two", None).exists()
    assert Chunk.objects.filter(version__article=article, live=False).exists()


def test_internal_articles_are_for_us(ana):
    article = published("Refund limits", "Up to 50 euros without asking.", audience="internal")

    assert not search_articles("refund", None).exists()
    assert list(search_articles("refund", ana)) == [article]


def test_a_retired_article_is_gone_from_search():
    article = published()
    retire(article, by=CLOCK)

    assert not search_articles("sachets", None).exists()


def test_two_articles_of_one_title_get_two_addresses():
    assert published().slug != published().slug


@pytest.mark.parametrize(("title", "text"), [("", "x"), ("x", "  "), ("x", "y" * 300_000)])
def test_half_an_article_is_refused_in_a_sentence(title, text):
    with pytest.raises(Invalid, match="article"):
        write(None, title, text, by=CLOCK)


def test_who_may_not_write_is_refused(ben):
    with pytest.raises(Refused):
        write(None, "x", "y", by=ben)
