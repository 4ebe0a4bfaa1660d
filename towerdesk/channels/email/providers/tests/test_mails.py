"""Mail that a provider brings: checked as it signs, kept as it came, and from there like any other mail."""

from dataclasses import replace
from datetime import timedelta

import pytest

from towerdesk.channels.contract import Account
from towerdesk.channels.email.address import reply_address
from towerdesk.channels.email.providers import PROVIDERS, provider_named
from towerdesk.channels.email.providers.fake import (
    FAKES,
    TOPIC,
    FakeBrevo,
    FakeMailgun,
    FakePostmark,
    FakeSendGrid,
    FakeSes,
)
from towerdesk.channels.email.providers.tests.conftest import connected, read_all
from towerdesk.channels.models import Inbox
from towerdesk.channels.set_up import open_inbox
from towerdesk.intake.models import Raw
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.testing.mails import mail
from towerdesk.tickets.models import Message, Ticket

DRIPS = mail("It drips. What can I do?", id="drips@lindqvist.example")
PNG = b"\x89PNG\r\n\x1a\n\x00\xff"
WITH_A_FILE = (
    b"From: Mara <mara@lindqvist.example>\r\nTo: support@brasswell.example\r\nSubject: Look\r\nMIME-Version: 1.0\r\n"
    b'Message-ID: <look@lindqvist.example>\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSo sieht es aus: gr\xfcn"
    b'\r\n--b\r\nContent-Type: image/png; name="drip.png"\r\nContent-Transfer-Encoding: base64\r\n'
    b'Content-Disposition: attachment; filename="drip.png"\r\n\r\niVBORw0KGgoA/w==\r\n--b--\r\n'
)


def forged(post):
    post.inbox.refresh_from_db()
    return post.inbox.forged


def test_every_provider_has_a_fake():
    assert [made.name for made in FAKES] == list(PROVIDERS)


def test_a_mail_becomes_a_ticket_of_its_sender(post):
    raw = post.bring(post.fake.mail(DRIPS))

    ticket = Ticket.objects.get()
    assert (raw.state, raw.door, raw.ticket) == ("ticket", "hook", ticket)
    assert (ticket.subject, ticket.requester.identities.get().value) == ("Group head drips", "mara@lindqvist.example")
    assert Message.objects.get().visible == "It drips. What can I do?"


def test_what_can_be_had_whole_is_kept_byte_for_byte(post):
    raw = post.bring(post.fake.mail(WITH_A_FILE if post.fake.name != "postmark" else DRIPS))

    if post.fake.name != "brevo":
        assert bytes(raw.content) == (WITH_A_FILE if post.fake.name != "postmark" else DRIPS)
    assert raw.envelope["from"] == "mara@lindqvist.example"
    assert raw.envelope["to"].startswith("support@brasswell.example")


def test_the_same_call_again_is_kept_once(post):
    posted = post.fake.mail(DRIPS)

    assert [post.call(posted).status_code for _ in range(3)] == [200] * 3
    assert Raw.objects.count() == 1


def test_another_call_with_the_same_mail_is_one_message(post):
    post.bring(post.fake.mail(DRIPS, "m1"), post.fake.mail(DRIPS, "m2"))

    assert Message.objects.count() == 1


def test_an_answer_comes_back_onto_its_ticket(post, ticket):
    answer = mail("It works", id="works@lindqvist.example", to=reply_address(post.inbox.address, ticket.pk))

    assert post.bring(post.fake.mail(answer)).ticket == ticket


def test_a_call_without_the_right_secret_is_turned_away_and_not_kept(post):
    right = post.fake.mail(DRIPS)
    if post.fake.name == "mailgun":
        wrong = replace(right, body=right.body.replace(b"signature=", b"signature=0"))
    else:
        wrong = replace(right, headers={**right.headers, "Authorization": "Basic dG93ZXJkZXNrOmd1ZXNzZWQ="})

    assert (post.call(wrong).status_code, Raw.objects.count(), forged(post)) == (401, 0, 1)


def test_a_call_that_names_nobody_is_asked_who_it_is(post):
    signs = post.fake.name == "mailgun"  # and is never asked for a password
    posted = post.fake.mail(DRIPS)
    kept = {name: value for name, value in posted.headers.items() if name != "Authorization"}
    answer = post.call(replace(posted, headers=kept, body=posted.body.replace(b"signature=", b"unsigned=")))

    asked = "" if signs else 'Basic realm="Towerdesk"'
    assert (answer.status_code, answer.headers.get("WWW-Authenticate", "")) == (401, asked)
    assert (Raw.objects.count(), forged(post)) == (0, int(signs))


ODD = (b"", b"{", b"[1]", b"null", b'{"items": [7]}', b'{"a": "\\u0000"}', b"\xff\x00", b"7")


def test_odd_content_is_kept_and_set_aside_or_turned_away_and_never_an_error(post):
    answers = {post.call(replace(post.fake.mail(DRIPS), body=body, path="")).status_code for body in ODD}
    read_all()

    assert answers <= {200, 401}
    assert {raw.state for raw in Raw.objects.all()} <= {"set_aside"}
    assert all(raw.reason for raw in Raw.objects.all())


def test_nobody_gets_in_before_it_is_connected(desk):
    post = connected(desk.inbox, FakeMailgun())
    Inbox.objects.update(settings={"provider": "mailgun", "account": {}})
    posted = post.fake.mail(DRIPS)

    assert (post.call(posted).status_code, Raw.objects.count()) == (401, 0)


def test_a_mail_inbox_without_a_provider_answers_nobody(desk):
    post = connected(desk.inbox, FakeMailgun())
    Inbox.objects.update(settings={})

    assert post.call(post.fake.mail(DRIPS)).status_code == 404


def test_two_inboxes_have_secrets_of_their_own(desk):
    other = open_inbox("sales@brasswell.example", name="Sales", team=desk.billing, by=CLOCK)
    one, two = connected(desk.inbox, FakePostmark()), connected(other, FakePostmark())
    mailgun = open_inbox("shop@brasswell.example", name="Shop", team=desk.billing, by=CLOCK)
    three = connected(mailgun, FakeMailgun(), key="another-key")
    three.fake.values = {"key": "another-key"}

    assert [one.call(one.fake.mail(DRIPS, "a")).status_code, two.call(two.fake.mail(DRIPS, "b")).status_code] == [
        200
    ] * 2
    assert three.call(three.fake.mail(DRIPS, "c")).status_code == 200
    assert [two.call(one.fake.mail(DRIPS)).status_code, one.call(two.fake.mail(DRIPS)).status_code] == [401] * 2
    assert three.call(FakeMailgun().mail(DRIPS)).status_code == 401


def test_mailgun_does_not_take_what_was_signed_long_ago(desk):
    post = connected(desk.inbox, FakeMailgun())
    with clock.at(clock.now() - timedelta(hours=10)):
        old = post.fake.mail(DRIPS)

    assert (post.call(old).status_code, forged(post)) == (401, 1)


def test_a_token_of_mailgun_counts_once_whatever_stands_beside_it(desk):
    """Its signature is not over the mail, so a stolen one could be put to another."""
    post = connected(desk.inbox, FakeMailgun())
    post.bring(post.fake.mail(DRIPS, "m1"), post.fake.mail(mail("Give me money", id="other@evil.example"), "m1"))

    assert Raw.objects.count() == 1


def test_mailgun_may_bring_mails_taken_apart(desk):
    post = connected(desk.inbox, FakeMailgun())
    post.bring(post.fake.parsed("It drips", ("drip.png", PNG)))

    [file] = Message.objects.get().attachments.all()
    assert (Message.objects.get().visible, file.name, file.size) == ("It drips", "drip.png", len(PNG))


def test_so_may_postmark(desk):
    post = connected(desk.inbox, FakePostmark())
    post.bring(post.fake.parsed("It drips", ("drip.png", PNG)))

    [file] = Message.objects.get().attachments.all()
    assert (Message.objects.get().visible, file.name, file.size) == ("It drips", "drip.png", len(PNG))


def test_files_and_other_charsets_come_along(desk):
    for made in (FakeMailgun, FakeSendGrid, FakeSes):
        Message.objects.all().delete()
        connected(desk.inbox, fake := made()).bring(fake.mail(WITH_A_FILE, f"of {made.name}"))
        message = Message.objects.get()
        assert message.visible == "So sieht es aus: grün"
        assert [(file.name, file.size) for file in message.attachments.all()] == [("drip.png", 10)]


def test_brevos_files_are_fetched_by_our_own_way_out(desk, api):
    api.files = {"t-1": PNG}
    post = connected(desk.inbox, FakeBrevo(), api=f"{api.url}/")
    named = [{"Name": "drip.png", "ContentType": "image/png", "ContentLength": len(PNG), "DownloadToken": "t-1"}]
    post.bring(post.fake.mail(DRIPS, files=[*named, {**named[0], "Name": "gone.png", "DownloadToken": "t-2"}]))

    [file] = Message.objects.get().attachments.all()
    assert (file.name, file.size, api.asked[0].headers["api-key"]) == ("drip.png", len(PNG), "xkeysib-0")
    assert "[gone.png could not be fetched: Brevo does not give it (404)]" in Message.objects.get().visible


@pytest.mark.parametrize("made", [FakeSendGrid, FakeSes])
def test_what_the_provider_says_of_the_sender_counts(desk, made):
    post = connected(desk.inbox, made())
    post.bring(post.fake.mail(DRIPS))

    trust = Message.objects.get().trust
    assert (trust["verified"], trust["spf"]) == (True, "pass")
    assert trust["sentence"].startswith("The domain lindqvist.example vouches for this mail")


def test_what_the_sender_writes_into_the_mail_does_not(desk):
    """Mailgun's own words stand among the headers, where anybody can write the same."""
    post = connected(desk.inbox, FakeMailgun())
    lie = mail("It drips", id="lie@lindqvist.example", x_mailgun_spf="Pass", x_mailgun_dkim_check_result="Pass")
    post.bring(post.fake.mail(lie))

    assert not Message.objects.get().trust["verified"]


def test_a_verdict_can_not_be_smuggled_in_by_a_domain(desk):
    post = connected(desk.inbox, FakeSendGrid())
    posted = post.fake.mail(DRIPS)
    evil = posted.body.replace(
        b"{@lindqvist.example : pass}", b"{@evil.example : fail; dkim=pass header.d=lindqvist.example}"
    )
    post.bring(replace(posted, body=evil.replace(b"pass\r\n", b"none\r\n")))

    assert not Message.objects.get().trust["verified"]


def test_amazons_question_is_answered_by_visiting_its_address_only(desk):
    post = connected(desk.inbox, FakeSes())
    asks = {
        "Type": "SubscriptionConfirmation",
        "MessageId": "s1",
        "TopicArn": TOPIC,
        "Token": "t",
        "Message": "You have…",
    }
    elsewhere = post.bring(
        post.fake.sns({**asks, "SubscribeURL": "https://sns.evil.example/?Action=ConfirmSubscription"})
    )

    assert (elsewhere.state, "does not know" in elsewhere.reason) == ("set_aside", True)
    good = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    ses = provider_named("ses")
    assert ses is not None
    assert ses.asks_to_confirm({**asks, "SubscribeURL": good}) == good
    assert ses.asks_to_confirm({**asks, "SubscribeURL": good.replace("https://", "https://x@")}) == ""


def test_another_topic_of_amazons_is_not_heard(desk):
    post = connected(desk.inbox, FakeSes())
    other = post.fake.notified({"notificationType": "Received"}, "n1", topic="arn:aws:sns:eu-central-1:666:evil")

    assert (post.call(other).status_code, Raw.objects.count()) == (401, 0)


def test_a_mail_that_amazon_left_in_a_bucket_is_said_to_be_there(desk):
    post = connected(desk.inbox, FakeSes())
    told = {"notificationType": "Received", "mail": {"messageId": "m"}, "receipt": {"action": {"type": "S3"}}}
    raw = post.bring(post.fake.notified(told, "n1"))

    assert (raw.state, raw.reason) == (
        "set_aside",
        "Amazon SES tells of a mail and does not bring it: let the rule publish to SNS, with the content.",
    )


def test_the_steps_name_the_address_to_paste(post):
    from towerdesk.channels.account import account_of

    door = provider_named(post.fake.name)
    assert door is not None
    account: Account = account_of(post.inbox)
    copied = [step.copy for step in door.steps(account) if step.copy]
    assert any(post.path in one for one in copied)
    assert all(account.get("password") in one for one in copied) or post.fake.name == "mailgun"
