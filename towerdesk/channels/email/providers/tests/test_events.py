"""What became of a reply, as the provider tells it: late, twice, in any order, and of kinds that nobody has heard of."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client

from towerdesk.channels.email.providers.fake import FakeMailgun, FakeSendGrid, FakeSes
from towerdesk.channels.email.providers.tests.conftest import connected, read_all
from towerdesk.channels.set_up import open_inbox
from towerdesk.delivery.claim import why_silent
from towerdesk.events.models import Event
from towerdesk.intake.models import Raw
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.people.models import Identity
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.undelivered import send_again


def told(message):
    return list(Event.objects.filter(subject_id=message.pk, kind__startswith="message.").values_list("kind", flat=True))


def test_a_bounce_marks_the_reply_and_gives_the_ticket_to_a_person(post, ours):
    raw = post.bring(post.fake.event("bounced", ours.message_id))

    ours.refresh_from_db()
    ticket = Ticket.objects.get()
    assert (raw.state, raw.ticket, ours.delivery) == ("bounce", ticket, "bounced")
    assert ours.delivery_note == "There is no such mailbox"
    assert (ticket.status, ticket.next_step) == (
        "open",
        "The reply did not arrive: There is no such mailbox. Ana answers Mara",
    )


def test_so_does_what_the_provider_would_not_send(post, ours):
    post.bring(post.fake.event("rejected", ours.message_id))

    ours.refresh_from_db()
    assert (ours.delivery, bool(ours.delivery_note)) == ("bounced", True)


def test_a_delay_stays_on_record_and_asks_for_nothing(post, ours):
    raw = post.bring(post.fake.event("deferred", ours.message_id))

    ours.refresh_from_db()
    assert (raw.state, raw.ticket_id, ours.delivery) == ("bounce", ours.ticket_id, "sent")
    assert "not reached yet" in raw.reason


def test_delivered_is_shown_on_the_reply(post, ours):
    raw = post.bring(post.fake.event("delivered", ours.message_id))

    ours.refresh_from_db()
    assert (raw.state, ours.delivery) == ("message", "delivered")


def test_a_complaint_is_shown_and_ends_what_leaves_automatically(post, ours):
    raw = post.bring(post.fake.event("complained", ours.message_id))

    assert (raw.state, raw.auto, raw.ticket_id) == ("bounce", "complaint", ours.ticket_id)
    assert Event.objects.get(kind="message.complained").data["recipient"] == "mara@lindqvist.example"
    assert Identity.objects.get(value="mara@lindqvist.example").complained_at is not None
    automatic = Message(ticket=ours.ticket, author_kind="assistant", pk=10**9, warrant="licence")
    assert why_silent(automatic, ours.ticket) == "Mara reported a reply as spam, so nothing leaves automatically"
    assert why_silent(Message(ticket=ours.ticket, author_kind="agent", pk=10**9), ours.ticket) == ""


def test_a_person_lifts_a_complaint(desk, ours, ana_user):
    post = connected(desk.inbox, FakeSes())
    post.bring(post.fake.event("complained", ours.message_id))
    web = Client()
    web.force_login(ana_user)
    page = f"/tickets/{ours.ticket.number}"

    assert "called a reply spam" in web.get(page).content.decode()
    web.post(f"{page}/complaint/lift")
    shown = web.get(page).content.decode()
    assert "called a reply spam" not in shown
    assert "lets automatic mail go to mara@lindqvist.example again" in shown
    assert not Identity.objects.exclude(complained_at=None).exists()


@pytest.mark.parametrize("what", ["opened", "unheard-of"])
def test_what_the_desk_does_not_act_on_is_kept_with_a_sentence(post, ours, what):
    raw = post.bring(post.fake.event(what, ours.message_id))

    ours.refresh_from_db()
    assert (raw.state, bool(raw.reason), ours.delivery) == ("set_aside", True, "sent")


def test_an_event_that_comes_twice_is_told_once(post, ours):
    once = post.fake.event("bounced", ours.message_id, "e1")
    post.bring(once, once, post.fake.event("bounced", ours.message_id, "e2"))

    assert told(ours).count("message.bounced") == 1


def test_a_reply_that_is_sent_once_more_may_bounce_once_more(post, ours, ana):
    post.bring(post.fake.event("bounced", ours.message_id, "e1"))
    late = post.fake.event("bounced", ours.message_id, "e2")
    with clock.at(clock.now() + timedelta(minutes=10)):
        ours.refresh_from_db()
        send_again(ours, by=ana)
        Message.objects.filter(pk=ours.pk).update(delivery="sent")
        if post.fake.name != "ses":  # the time there is that of the notification
            post.bring(late)
            ours.refresh_from_db()
            assert ours.delivery == "sent"
    with clock.at(clock.now() + timedelta(minutes=20)):
        post.bring(post.fake.event("bounced", ours.message_id, "e3"))

    ours.refresh_from_db()
    assert (ours.delivery, told(ours).count("message.bounced")) == ("bounced", 2)


def test_any_order_ends_in_the_same(post, ours):
    """That it was delayed, came to one and not to another: what needs a person stays on top."""
    events = [post.fake.event(what, ours.message_id, f"e-{what}") for what in ("delivered", "bounced", "complained")]
    late = post.fake.event("deferred", ours.message_id, "e-deferred")
    ends = set()
    for order in permutations(events):
        Raw.objects.all().delete()
        Event.objects.filter(subject_id=ours.pk, kind__in=("message.bounced", "message.complained")).delete()
        Identity.objects.update(complained_at=None)
        Message.objects.filter(pk=ours.pk).update(delivery="sent", delivery_note="")
        for posted in (*order, late):
            assert post.call(posted).status_code == 200
        read_all()
        ours.refresh_from_db()
        ends.add((ours.delivery, ours.delivery_note, told(ours).count("message.complained")))

    assert ends == {("bounced", "There is no such mailbox", 1)}


def test_an_event_may_be_quicker_than_we_write_down_that_it_left(post, ours):
    Message.objects.filter(pk=ours.pk).update(delivery="sending")
    post.bring(post.fake.event("delivered", ours.message_id))

    ours.refresh_from_db()
    assert ours.delivery == "delivered"


def test_what_is_of_no_mail_of_ours_is_kept_and_tied_to_nothing(post, ours):
    raws = [post.bring(post.fake.event(what, "campaign@elsewhere.example", what)) for what in ("bounced", "complained")]
    late = post.bring(post.fake.event("delivered", "campaign@elsewhere.example", "delivered"))

    ours.refresh_from_db()
    assert [(raw.state, raw.ticket) for raw in raws] == [("bounce", None)] * 2
    assert (late.state, ours.delivery) == ("set_aside", "sent")


def test_a_forged_event_is_not_kept(post, ours):
    right = post.fake.event("bounced", ours.message_id)
    if post.fake.name == "mailgun":
        wrong = replace(right, body=right.body.replace(b'"signature": "', b'"signature": "0'))
    else:
        wrong = replace(right, headers={**right.headers, "Authorization": "Basic dG93ZXJkZXNrOmd1ZXNzZWQ="})

    assert (post.call(wrong).status_code, Raw.objects.count()) == (401, 0)


def test_sendgrids_signature_is_over_the_very_bytes(desk, ours):
    post = connected(desk.inbox, FakeSendGrid())
    right = post.fake.event("delivered", ours.message_id)
    other_body = replace(right, body=right.body.replace(b'"delivered"', b'"bounce"'))
    unsigned = replace(right, headers={name: value for name, value in right.headers.items() if "Twilio" not in name})

    assert [post.call(one).status_code for one in (other_body, unsigned, right)] == [401, 401, 200]


def test_sendgrids_old_calls_are_turned_away(desk, ours):
    post = connected(desk.inbox, FakeSendGrid())
    with clock.at(clock.now() - timedelta(hours=27)):
        old = post.fake.event("delivered", ours.message_id)

    assert post.call(old).status_code == 401


def test_of_many_events_in_one_call_each_counts_for_itself(desk, ours):
    post = connected(desk.inbox, FakeSendGrid())
    one = {"email": "a@b.example", "event": "open", "sg_event_id": "1", "timestamp": 1}
    post.bring(post.fake.listed(one, {**one, "sg_event_id": "2", "event": "news"}, {**one, "sg_event_id": "1"}))

    assert Raw.objects.count() == 2


def test_an_account_may_send_for_inboxes_that_it_does_not_bring(desk, ours):
    other = open_inbox("sales@brasswell.example", name="Sales", team=desk.billing, by=CLOCK)
    post = connected(other, FakeMailgun())
    post.bring(post.fake.event("delivered", ours.message_id))

    ours.refresh_from_db()
    assert ours.delivery == "delivered"


def test_amazons_word_after_the_subscription_is_set_aside(desk):
    post = connected(desk.inbox, FakeSes())
    raw = post.bring(post.fake.notified("Successfully validated SNS topic for Amazon SES event publishing.", "n1"))

    assert raw.state == "set_aside"
