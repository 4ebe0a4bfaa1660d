"""What it could not do becomes a draft from what Ben wrote, is tried on the past, published by Ana, and taken back."""

import pytest

from towerdesk.assistant.consider import consider
from towerdesk.assistant.models import Run
from towerdesk.insights import facts
from towerdesk.knowledge.models import Article
from towerdesk.lib.errors import Conflict, Refused
from towerdesk.rehearsal.gaps.draft import ask_draft, fill_in
from towerdesk.rehearsal.gaps.find import find_gaps
from towerdesk.rehearsal.gaps.merge import drop, merge, pick_up, take_back
from towerdesk.rehearsal.gaps.trial import ask_trial, try_out
from towerdesk.rehearsal.models import Draft, Gap
from towerdesk.testing import cast
from towerdesk.tickets.reply import reply

ASKED = "Which milk is best for the foam of a cappuccino?"
SAID = "Cold whole milk with 3.5 percent fat gives the best foam for a cappuccino."
VARIED = (
    "",
    " Please tell me soon.",
    " I love cappuccino.",
    " My wife asks.",
    " It always collapses.",
    " Thank you!",
    " Oat?",
)


@pytest.fixture
def gap(desk, mara, ben, articles, intents, model, ana) -> Gap:
    for more in VARIED:
        message = cast.opened(desk, mara, "Milk", ASKED + more).messages.get()
        consider(message, by=model)
        reply(message.ticket, f"Hello Mara,\n\n{SAID}\n\nKind regards\nBen", by=ben, then="resolve")
    Run.objects.update(outcome="handed_over", why="No article answers this")
    facts.fold()
    [found], _ = find_gaps(by=ana)
    return found


@pytest.fixture
def draft(gap, ana, model) -> Draft:
    made = ask_draft(gap, by=ana)
    fill_in(made, model)
    return made


def test_like_tickets_are_one_gap_with_its_reason_and_its_price(gap):
    assert (gap.count, gap.why) == (len(VARIED), "No article answers this")
    assert {"milk", "foam", "cappuccino"} <= set(gap.terms)
    assert gap.minutes > 4 * len(VARIED)


def test_the_draft_is_what_people_sent_once_and_says_where(draft):
    assert draft.text == SAID
    [sentence] = draft.sentences
    assert sentence["times"] == len(sentence["tickets"]) == len(VARIED) * 2 // 3  # the newest third lends nothing


def test_what_it_would_win_is_tried_also_on_what_it_has_not_seen_and_nothing_is_published(draft, ana, model):
    ask_trial(draft, by=ana)
    told = try_out(draft, model)

    assert (len(told["wins"]), told["tickets"]) == (len(VARIED), len(VARIED))
    assert len(told["wins_fresh"]) == told["tickets_fresh"] == 3
    assert told["breaks"] == []
    assert not Article.objects.filter(title=draft.title).exists()


def test_a_person_publishes_it_and_takes_it_back(draft, ana, ben):
    with pytest.raises(Refused):
        merge(draft, by=ben)
    article = merge(draft, by=ana)
    assert (article.versions.get().text, draft.state) == (SAID, "merged")
    with pytest.raises(Conflict):
        merge(draft, by=ana)

    take_back(draft, by=ana)

    article.refresh_from_db()
    assert (article.status, draft.state) == ("retired", "open")


def test_it_can_be_added_to_an_article_and_undo_brings_the_old_text_back(draft, articles, ana):
    article = articles["descale"]
    before = article.versions.get().text

    merge(draft, into=article, by=ana)
    article.refresh_from_db()
    assert SAID in article.current.text

    take_back(draft, by=ana)
    article.refresh_from_db()
    assert (article.current.text, article.status) == (before, "published")


def test_a_dropped_draft_can_be_opened_again(draft, ana):
    drop(draft, by=ana)
    pick_up(draft, by=ana)

    assert draft.state == "open"


def test_people_who_answered_too_differently_make_no_article(gap, ana, model):
    made = ask_draft(gap, by=ana)
    made.tickets = gap.tickets[:1]
    fill_in(made, model)

    assert (made.state, made.trouble.startswith("No sentence was sent on two")) == ("failed", True)
