"""What Teams' calls say, and how words are turned there and back."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towerdesk.channels.msteams import fake
from towerdesk.channels.msteams.activity import delivery
from towerdesk.channels.msteams.fake import (
    BOT,
    CHANNEL,
    MARA,
    TENANT,
    activity,
    changed,
    deleted,
    message,
    number,
    reacted,
)
from towerdesk.channels.msteams.read import read
from towerdesk.channels.msteams.words import from_html, from_plain, to_html

HERE = f"{CHANNEL};messageid={number(0)}"

EXAMPLE = """{"type": "message", "id": "1485983408511", "timestamp": "2017-02-01T21:10:07.437Z",
 "localTimestamp": "2017-02-01T14:10:07.437-07:00", "serviceUrl": "https://smba.trafficmanager.net/amer/",
 "channelId": "msteams", "from": {"id": "29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQ", "name": "Megan Bowen",
 "aadObjectId": "7faf8ab2-3d56-4244-b585-20c8a42ed2b8"}, "conversation": {"conversationType": "personal",
 "id": "a:17I0kl9EkpE1O9PH5TWrzr"}, "recipient": {"id": "28:c9e8c047", "name": "Teams TestBot"},
 "textFormat": "plain", "text": "Hello Teams TestBot.Sending bold-italic rich text", "attachments": [
 {"contentType": "text/html",
  "content": "<div><div>Hello Teams TestBot. Sending <strong>bold</strong>-<em>italic</em> rich text.</div>\\n</div>"}],
 "entities": [{"locale": "en-US", "country": "US", "platform": "Windows", "type": "clientInfo"}],
 "channelData": {"tenant": {"id": "72f988bf-86f1-41af-91ab-2d7cd011db47"}}, "locale": "en-US"}"""
"""Of Microsoft's documentation (Messages in bot conversations)."""


def heard(told, **fields):
    return read(json.dumps(told).encode(), {"account": fields})


def test_microsofts_own_example_is_a_message():
    said = read(EXAMPLE.encode(), {})

    assert (said.happening, said.sender, said.sender_name) == ("message", f"{TENANT}:{MARA}", "Megan Bowen")
    assert said.visible == "Hello Teams TestBot. Sending bold-italic rich text."
    assert (said.conversation, said.external_id) == (
        "a:17I0kl9EkpE1O9PH5TWrzr",
        "a:17I0kl9EkpE1O9PH5TWrzr:1485983408511",
    )
    assert (said.at.isoformat(), said.joins) == ("2017-02-01T21:10:08.511000+00:00", False)
    assert said.trust["way"] == "https://smba.trafficmanager.net/amer/"


@given(
    st.binary(max_size=200)
    | st.dictionaries(st.text(max_size=9), st.text(max_size=9)).map(lambda one: json.dumps(one).encode())
)
def test_whatever_the_bytes_are_reading_them_never_raises(content):
    assert read(content, {}).happening == "unknown"


@settings(max_examples=25)
@given(st.data())
def test_whatever_a_part_of_an_activity_is_reading_it_never_raises(data):
    told = data.draw(
        st.sampled_from([message("x", number(0), calls=True), changed("x", "1", "2"), reacted("like", "1", number(2))])
    )
    odd = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2) | st.just({})
    for name in data.draw(st.lists(st.sampled_from(sorted(told)), max_size=3)):
        told = {**told, name: data.draw(odd)}
    read(json.dumps(told).encode(), {})


def test_an_answer_in_a_thread_belongs_to_it_and_the_first_message_begins_it():
    first, answer = (heard(message("x", number(second), conversation=HERE)) for second in (0, 5))

    assert first.conversation == answer.conversation == HERE
    assert (first.answers, answer.answers) == ([], [f"{CHANNEL}:{number(0)}"])
    assert answer.external_id == f"{CHANNEL}:{number(5)}"
    assert (first.joins, answer.joins) == (True, True)


def test_who_calls_the_app_at_the_beginning_of_a_thread_opens_a_ticket():
    assert not heard(message("x", number(0), conversation=HERE, calls=True)).joins
    assert not heard(message("x", number(0), conversation=HERE), channels=f"19:other, {CHANNEL}").joins
    assert not heard(message("x", number(0), conversation=HERE), channels="all").joins
    assert heard(message("x", number(0), conversation="19:group@thread.v2"), channels="all").joins


def test_a_mention_of_somebody_else_calls_nobody():
    told = message("x", number(0), conversation=HERE, calls=True)
    told["entities"][0]["mentioned"] = {"id": "29:sam", "name": "Sam"}
    assert heard(told).joins


def test_edits_deletions_and_undoing_them_name_the_message():
    about = f"{CHANNEL}:{number(5)}"
    edit = heard(changed("new", number(5), number(9), conversation=HERE))
    undone = heard(changed("new", number(5), number(9), "undeleteMessage", conversation=HERE))
    gone = heard(deleted(number(5), number(9), conversation=HERE))

    assert [one.happening for one in (edit, undone, gone)] == ["edit", "undeletion", "deletion"]
    assert {one.about for one in (edit, undone, gone)} == {about}
    assert edit.at == gone.at > heard(message("x", number(5))).at
    assert heard(changed("new", number(5), number(9), "other")).happening == "unknown"


def test_a_call_made_again_is_the_same_delivery_and_an_edit_is_another():
    said, edit = message("x", number(5)), changed("x", number(5), number(9))
    later = changed("x", number(5), number(10))
    assert delivery(said) == delivery(json.loads(json.dumps(said)))
    assert len({delivery(one) for one in (said, edit, later, deleted(number(5), number(9)))}) == 4


def test_somebody_without_a_directory_is_known_by_the_number_that_teams_gave():
    told = message("x", number(0))
    del told["from"]["aadObjectId"]
    assert heard(told).sender == f"{TENANT}:29:{MARA}"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (activity("typing", id="1"), "It is a kind of call that the desk does not take: typing."),
        (
            activity("invoke", id="1", name="signin/verifyState"),
            "It is a question to the app that the desk does not know",
        ),
        (activity("invoke", id="1", name="fileConsent/invoke", value={}), "Somebody answers whether they want a file"),
        (activity("event", id="1", name="x"), "It is an event that the desk does not take: x."),
        (activity("conversationUpdate", id="1", data={"eventType": "teamRenamed"}), "A team was renamed."),
        (activity("conversationUpdate", id="1", membersAdded=[{"id": "29:x"}]), "1 people came to a team or a chat."),
        (activity("installationUpdate", id="1", action="add"), "The app was added to the chat with Mara Lindqvist."),
        (activity("messageReaction", id="1", reactionsRemoved=[{"type": "like"}]), "Somebody took a reaction back."),
        (message("", number(0), html="<p></p>"), "It has no words and no files."),
    ],
)
def test_other_kinds_are_kept_with_a_sentence(told, why):
    said = heard(told)
    assert (said.happening, said.said[: len(why)]) == ("unknown", why)


def test_files_of_a_channel_are_links_and_cards_of_apps_nothing():
    one = {"contentType": "reference", "contentUrl": "https://x.sharepoint.com/plan.docx", "name": "plan.docx"}
    told = fake.chat_message('See<attachment id="1"></attachment>', number(0), attachments=[one], subject="Plan")
    said = heard({"type": "towerdesk_history", "tenant": TENANT, "conversation": HERE, "message": told})
    assert said.visible == "Plan\n\nSee\n\nplan.docx: https://x.sharepoint.com/plan.docx"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Turn it **by half**, _not_ more", "<p>Turn it <strong>by half</strong>, <em>not</em> more</p>"),
        (
            "See [the page](https://a.example/?a=1&b=2)",
            '<p>See <a href="https://a.example/?a=1&amp;b=2">the page</a></p>',
        ),
        ("<at>everyone</at> <b>x</b> & b", "<p>&lt;at&gt;everyone&lt;/at&gt; &lt;b&gt;x&lt;/b&gt; &amp; b</p>"),
        ("Hello,\n\nturn it.\nBest, Ana", "<p>Hello,</p>\n<p>turn it.<br />\nBest, Ana</p>"),
        ("2 * 3 * 4 snake_case ~~no~~", "<p>2 * 3 * 4 snake_case <s>no</s></p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("    not code", "<p>not code</p>"),
        ("&lt;at&gt;", "<p>&amp;lt;at&amp;gt;</p>"),
        ("", ""),
    ],
)
def test_replies_become_html_that_can_not_call_anybody(typed, sent):
    assert to_html(typed) == sent


def test_an_address_by_itself_becomes_a_link_once():
    assert 'href="https://a.example/x_y_z"' in to_html("See https://a.example/x_y_z.")
    assert to_html("[https://a.example](https://a.example)").count("<a ") == 1


def test_what_people_write_becomes_text():
    us = ["Towerdesk"]
    mention = '<span itemtype="http://schema.skype.com/Mention" itemscope itemid="{}">{}</span>'
    html = (
        f"<div>{mention.format(0, 'Towerdesk')}&nbsp;ask {mention.format(1, 'Sam O.')}:<ul><li>a &lt; b</li></ul></div>"
    )
    assert from_html(html, us) == "ask @Sam O.:\n\n- a < b"
    assert from_html('<p>ok <img itemtype="http://schema.skype.com/Emoji" alt="🙂" src="x"></p>', us) == "ok 🙂"
    assert from_html('<p>ok <emoji id="smile" alt="😊" title="Smile"></emoji><img src="y" alt="y"></p>', us) == "ok 😊"
    assert from_html('<at id="0">Towerdesk</at> it <at id="1">Sam</at>', us) == "it @Sam"
    assert from_plain("<at>Towerdesk</at>&nbsp;it drips", us) == "it drips"
    assert from_html("<script>x</script><p>hi</p>", us) == "hi"
    assert BOT not in from_html(html, us)
