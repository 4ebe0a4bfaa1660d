"""Rules, schedules and macros on their screens."""

import pytest

from towerdesk.automation.models import Macro, Rule, Schedule
from towerdesk.automation.rules import run
from towerdesk.events.models import Event
from towerdesk.web import thens
from towerdesk.web.tests.test_other_pages import text_of

FORM = {
    "name": "Drips are urgent",
    "when": "message.received",
    "condition": "drips",
    "priority": "high",
    "add": "vip, leak",
}


@pytest.fixture
def drips(web, ana_user):
    web.post("/settings/rules/new", {**FORM, "owner": ana_user.pk})
    return Rule.objects.get()


def test_ana_writes_a_rule_tests_it_and_switches_it_on(web, drips, ticket):
    assert drips.actions == [{"do": "change", "priority": "high"}, {"do": "tag", "add": ["vip", "leak"]}]
    assert not drips.active

    tested = text_of(web.get(f"/settings/rules/{drips.pk}/test?days=30"))
    web.post(f"/settings/rules/{drips.pk}/switch", {"on": "yes"})

    assert "Sets the priority from “normal” to “high”. Adds the tag vip. Adds the tag leak." in tested
    drips.refresh_from_db()
    assert drips.active
    assert "Drips are urgent" in text_of(web.get("/settings/rules"))


def test_a_bad_rule_keeps_what_was_typed_and_says_what_to_change(web, desk, ana_user):
    answer = web.post("/settings/rules/new", {**FORM, "owner": ana_user.pk, "condition": "team:repair", "more": "{"})
    assert answer.status_code == 422
    assert "not JSON" in text_of(answer)
    answer = web.post("/settings/rules/new", {**FORM, "owner": ana_user.pk, "condition": "team:repair"})

    assert "There is no team “repair”. Did you mean “repairs”?" in text_of(answer)
    assert 'value="vip, leak"' in text_of(answer)
    assert not Rule.objects.exists()


def test_an_old_version_is_compared_and_brought_back(web, drips, ana_user):
    web.post(f"/settings/rules/{drips.pk}", {**FORM, "owner": ana_user.pk, "condition": "leaks", "based_on": "1"})
    late = web.post(f"/settings/rules/{drips.pk}", {**FORM, "owner": ana_user.pk, "condition": "x", "based_on": "1"})
    page = text_of(web.get(f"/settings/rules/{drips.pk}/versions/1"))
    web.post(f"/settings/rules/{drips.pk}/versions/1")

    assert late.status_code == 409
    assert "drips" in page
    assert "leaks" in page
    drips.refresh_from_db()
    assert (drips.condition, drips.version) == ("drips", 3)


def test_rules_are_moved_by_button_and_by_hand(web, drips, ana_user):
    web.post("/settings/rules/new", {**FORM, "name": "Second", "owner": ana_user.pk})
    second = Rule.objects.get(name="Second")

    web.post(f"/settings/rules/{second.pk}/move", {"step": "-1"})
    assert [rule.name for rule in Rule.objects.all()] == ["Second", "Drips are urgent"]
    web.post(f"/settings/rules/{second.pk}/move", {"place": "2"})
    assert [rule.name for rule in Rule.objects.all()] == ["Drips are urgent", "Second"]


def test_a_rule_in_use_is_not_deleted(web, drips):
    web.post(f"/settings/rules/{drips.pk}/switch", {"on": "yes"})
    answer = web.post(f"/settings/rules/{drips.pk}/delete", {"typed": drips.name})
    assert "in use: switch it off first" in text_of(answer)
    web.post(f"/settings/rules/{drips.pk}/switch", {"on": "no"})
    assert "Type the name" in text_of(web.post(f"/settings/rules/{drips.pk}/delete", {"typed": "x"}))

    web.post(f"/settings/rules/{drips.pk}/delete", {"typed": drips.name})

    assert not Rule.objects.exists()


def test_who_may_not_change_rules_still_reads_them(bens_web, drips):
    assert "Write one" not in text_of(bens_web.get("/settings/rules"))
    assert bens_web.get(f"/settings/rules/{drips.pk}").status_code == 200
    assert bens_web.get("/settings/rules/new").status_code == 403
    assert bens_web.post(f"/settings/rules/{drips.pk}/switch", {"on": "yes"}).status_code == 403


def test_a_condition_is_understood_while_it_is_typed(web, ticket):
    assert "Fits" in text_of(web.get("/settings/rules/check?condition=drips"))
    assert "Did you mean “status:”?" in text_of(web.get("/settings/rules/check?condition=sttus:open"))


def test_a_ticket_explains_its_rules(web, drips, ticket, ana_user):
    web.post(f"/settings/rules/{drips.pk}/switch", {"on": "yes"})
    event = Event.objects.get(kind="message.received")
    run(event, ticket)
    page = text_of(web.get(f"/tickets/{ticket.pk}/rules?event={event.pk}"))

    assert "did: change, tag (version 1)" in page
    assert f'href="/tickets/{ticket.pk}/rules"' in text_of(web.get(f"/tickets/{ticket.pk}"))


def test_ana_writes_a_schedule_with_a_warning(web, ana_user):
    said = {
        "name": "Close what is silent",
        "owner": ana_user.pk,
        "since": "silence",
        "after": "7",
        "unit": "days",
        "resolve": "no_answer",
        "close": "on",
        "warn_after": "5",
        "warn_unit": "days",
        "warn_reply": "We close this in two days.",
        "warn_reply_then": "keep",
    }
    web.post("/settings/schedules/new", said)
    schedule = Schedule.objects.get()
    web.post(f"/settings/schedules/{schedule.pk}/switch", {"on": "yes"})

    schedule.refresh_from_db()
    assert (schedule.active, schedule.after.days, schedule.warn_after.days) == (True, 7, 5)
    assert schedule.actions == [{"do": "resolve", "kind": "no_answer"}, {"do": "close"}]
    assert "7 days" in text_of(web.get("/settings/schedules"))
    wrong = web.post(f"/settings/schedules/{schedule.pk}", {**said, "warn_after": "9"})
    assert "must come before the act" in text_of(wrong)
    assert "switch it off first" in text_of(web.post(f"/settings/schedules/{schedule.pk}/delete", {"typed": ""}))


def test_a_macro_is_written_and_applied_to_a_ticket(web, ticket):
    wrong = web.post("/settings/macros/new", {"name": "Hello", "note": "{{requester.age}}", "active": "on"})
    assert "no placeholder" in text_of(wrong)
    web.post("/settings/macros/new", {"name": "Hello", "note": "Hello {{requester.first_name}}", "active": "on"})
    macro = Macro.objects.get()

    assert "Notes for us: “Hello Mara”." in text_of(web.get(f"/tickets/{ticket.pk}/macro"))
    web.post(f"/tickets/{ticket.pk}/macro", {"macro": macro.pk})

    assert ticket.messages.get(public=False).text == "Hello Mara"
    assert "in use" in text_of(web.post(f"/settings/macros/{macro.pk}/delete", {"typed": "Hello"}))


@pytest.mark.parametrize(
    "actions",
    [
        [{"do": "change", "priority": "high", "intent": "leak"}],
        [{"do": "assign", "team": "billing"}, {"do": "tag", "add": ["a b"], "remove": ["c"]}],
        [{"do": "tell", "team": "billing", "text": "x", "urgent": True}],
        [{"do": "note", "text": "x"}, {"do": "reply", "text": "y", "then": "keep"}],
        [{"do": "resolve", "kind": "spam", "note": "z"}, {"do": "close"}, {"do": "ask_assistant"}],
        [{"do": "tag", "add": ["a"]}, {"do": "tag", "add": ["b"]}],
        [
            {"do": "change", "next_step": "Ben rings", "due_at": "2026-11-01T10:00:00Z"},
            {"do": "watch", "user": "a@b.c"},
        ],
    ],
)
def test_actions_come_through_the_form_as_they_were(actions):
    assert thens.from_form(thens.to_form(actions)) == actions
