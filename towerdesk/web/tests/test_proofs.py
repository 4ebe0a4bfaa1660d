from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from towerdesk.assistant.licences import review
from towerdesk.assistant.models import Grade, Licence, Procedure, Run
from towerdesk.assistant.pools import review_pool
from towerdesk.assistant.study import LOCK
from towerdesk.assistant.terms import terms
from towerdesk.lib.clock import now
from towerdesk.lib.locks import only_one
from towerdesk.testing import cast
from towerdesk.testing.evidence import decided
from towerdesk.tickets.models import Intent
from towerdesk.web.proofs import proofs


def graded(run, right=True):
    return Grade.objects.create(
        run=run, intent=run.intent, score=run.score, right=right, verdict="audited", by_kind="agent", by_name="Ana"
    )


def licence(intent, **values):
    facts = {
        "threshold": 0.8,
        "alpha": 0.05,
        "n": 412,
        "k": 3,
        "bound": 0.0187,
        "expires_at": now() + timedelta(days=40),
    }
    return Licence.objects.create(intent=intent, **{**facts, **values})


def test_an_intent_without_grades_says_what_would_prove_it(web, leaks):
    page = web.get("/licences").content.decode()

    assert "Nothing graded yet" in page
    assert "105 grades without an error prove 5.0 %" in page


def test_a_licence_is_said_in_words_with_its_numbers(web, leaks):
    leaks.level = "send"
    leaks.save()
    licence(leaks)
    page = web.get("/licences").content.decode()

    assert "At most 5.0 % wrong, 95 % sure" in page
    assert "412 graded, 3 wrong: bound 1.9 %; score 0.80 and up" in page
    assert ">Sends<" in page


def test_an_intents_page_tells_its_life(web, leaks, ticket, ana):
    leaks.level = "send"
    leaks.save()
    decided(ticket, leaks, [True] * 150, score=[0.5 + 0.003 * at for at in range(150)])
    held = review(leaks)
    decided(ticket, leaks, [True, False, True], outcome="sent", licence=held)
    page = web.get("/licences/leak").content.decode()

    assert "Leak after descaling: at most 5.0 % wrong, 95 % sure, from 150 graded, 0 errors; 100 % of them" in page
    assert "After 150 grades, 0 of them wrong" in page or "After 153 grades, 1 of them wrong" in page
    assert "3 audits, 1 wrong" in page
    assert "153 grades. On the dashes" in page

    web.post("/licences/leak/suspend", {"why": "prices changed"})

    assert "Ana Reyes took it back: prices changed" in web.get("/licences/leak").content.decode()


def test_a_licence_to_follow_its_procedure_is_said_apart(web, leaks):
    licence(leaks, kind="action", coverage=0.64)
    page = " ".join(web.get("/licences/leak").content.decode().split())

    assert "By its procedure, from the first question to what is done: <b>Leak after descaling: at most 5.0 %" in page


def test_how_far_a_procedure_is_from_acting_alone_is_said_with_its_numbers(web, leaks, ticket, ana):
    assert "By their procedures" not in web.get("/licences").content.decode()
    Procedure.objects.create(key="leak", title="Leak", intents=["leak"], status="published")
    assert (
        "105 grades without an error prove 5.0 %; none was drawn within a month"
        in web.get("/licences").content.decode()
    )

    decided(ticket, leaks, [True] * 12, kind="action")
    decided(ticket, leaks, [True, None], kind="action", asked=False)
    page = web.get("/licences").content.decode()
    assert "12 graded, 0 wrong: far from proven" in page
    assert "12 of 105 grades; 8 months at 12 a month" in page
    assert "12 of 105" in web.get("/licences/leak").content.decode()

    leaks.level = "send"
    leaks.save()
    decided(ticket, leaks, [True] * 138, kind="action")
    assert review(leaks, "action")
    page = web.get("/licences").content.decode()
    with CaptureQueriesContext(connection) as asked:
        web.get("/licences")
    assert len(asked) <= 15
    assert "150 graded, 0 wrong: bound" in page
    assert "Nothing graded yet" in page  # of its answers


def test_a_shared_licence_names_its_members(web, leaks, desk, ticket):
    other = Intent.objects.create(slug="hours", name="Opening hours", team=desk.repairs, level="send")
    leaks.level = "send"
    leaks.save()
    for intent in (leaks, other):
        decided(ticket, intent, [True] * 60)
    review_pool("information")
    page = web.get("/licences").content.decode()

    assert "Information, together: at most 5.0 % wrong" in page
    assert "together with 1 more" in page
    assert ">Opening hours</a>" in page


def test_shares_are_set_by_a_lead(web, bens_web, desk):
    assert bens_web.post("/licences/shares", {"holdout_share": "5"}).status_code == 403
    web.post("/licences/shares", {"holdout_share": "5"})
    assert terms().holdout_share == 0.05
    assert web.post("/licences/shares", {"holdout_share": "many"}).status_code == 422


def test_a_level_without_a_licence_goes_no_further_than_suggesting(leaks, ana):
    leaks.level = "send"
    leaks.save()
    licence(leaks, ended_at=now(), ended_why="Its errors no longer allow the bound")

    [proof] = proofs(ana)

    assert (proof.step, proof.state, proof.goes_alone) == ("Suggests", "ended", False)
    assert proof.says[0].startswith("Taken back")
    assert proof.says[1] == "Its errors no longer allow the bound"
    assert [kind for _, kind, _ in proof.rungs] == ["on", "on", "on", "fell", "fell"]


def test_grades_under_another_model_prove_nothing(leaks, ticket, desk, mara, suggested, ana):
    graded(suggested(ticket, fingerprint="old", eligible=True, asked=True))
    graded(suggested(cast.opened(desk, mara), fingerprint="new", eligible=True, asked=True), right=False)
    graded(suggested(cast.opened(desk, mara), fingerprint="new", eligible=False))  # something else held it back

    [proof] = proofs(ana)

    assert (proof.n, proof.wrong) == (1, 1)


def test_a_lead_sets_the_level_and_an_agent_does_not(web, bens_web, leaks):
    assert bens_web.post("/licences/leak/level", {"level": "send"}).status_code == 403

    web.post("/licences/leak/level", {"level": "pause"})

    leaks.refresh_from_db()
    assert leaks.level == "pause"
    assert web.post("/licences/leak/level", {"level": "always"}).status_code == 422


def test_a_receipt_tells_what_a_decision_rested_on_and_whether_its_seal_holds(web, ticket, suggested):
    run = suggested(ticket)
    page = web.get(f"/receipts/{run.pk}").content.decode()

    assert "The seal holds" in page
    assert "Leaks after descaling" in page
    assert "English, calm" in page
    assert web.get(f"/receipts/{run.pk}.json").json()["body"]["run"] == run.pk

    run.receipt.body["reply"] = "something else"
    run.receipt.save()

    assert "The seal is broken" in web.get(f"/receipts/{run.pk}").content.decode()


def test_a_receipt_says_what_was_left_out_be_it_an_article_or_a_sentence(web, ticket, suggested):
    run = suggested(ticket)
    run.receipt.body["rejected"] = [
        {"title": "Descaling the Duo", "article": "descale-the-duo", "score": 0.55, "why": "another fits better"},
        {"text": "It is free.", "why": "nothing says so"},
    ]
    run.receipt.save()

    page = web.get(f"/receipts/{run.pk}").content.decode()

    assert "Descaling the Duo" in page
    assert "It is free." in page


def test_what_it_learnt_from_stands_there_and_a_lead_lets_it_learn_anew(web, bens_web, desk, leaks):
    leaks.examples = ["Water drips after descaling"]
    leaks.save()
    assert "Nothing so far" in web.get("/settings/assistant").content.decode()
    assert "at least two intents" in web.post("/settings/assistant/learn").content.decode()

    Intent.objects.create(slug="milk", name="Milk", examples=["Which milk?"], team=desk.repairs)
    held = licence(leaks)
    page = web.get("/settings/assistant").content.decode()
    assert "1 licence ends by it" in page
    assert web.post("/settings/assistant/learn").status_code == 422
    assert bens_web.post("/settings/assistant/learn", {"ends": "1"}).status_code == 403

    assert web.post("/settings/assistant/learn", {"ends": "1"}).status_code == 302

    assert ProcrastinateJob.objects.filter(task_name="towerdesk.assistant.study").count() == 1
    assert "It is to learn anew" in web.get("/settings/assistant").content.decode()
    with only_one(LOCK):
        assert "It is learning anew" in web.get("/settings/assistant").content.decode()
    assert held.ended_at is None


def test_a_receipt_of_a_ticket_one_may_not_read_is_not_there(bens_web, ticket, suggested):
    from towerdesk.accounts.models import Team

    run = suggested(ticket)
    ticket.team = Team.objects.create(name="Legal", slug="legal", restricted=True)
    ticket.save()

    assert bens_web.get(f"/receipts/{run.pk}").status_code == 404
    assert bens_web.post(f"/runs/{run.pk}/approve").status_code == 404
    assert Run.objects.get().state == "open"
