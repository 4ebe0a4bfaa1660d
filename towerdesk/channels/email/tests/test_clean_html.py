import pytest

from towerdesk.channels.email.clean import visible, visible_html
from towerdesk.channels.email.mail import Mail
from towerdesk.channels.email.tests.reply_data import plain, text_of

HELLO = "Hello, it works."
OLD = "&lt;s@desk.example&gt;"
REPLIES = {
    "outlook on the web": f"""<div>{HELLO}</div><div id="appendonsend"></div><hr tabindex="-1">
        <div id="divRplyFwdMsg">
        <b>From:</b> S {OLD}<br><b>Sent:</b> Tuesday<br><b>To:</b> Mara</div><div>Old text</div>""",
    "outlook in a language we do not know": f"""<p class=MsoNormal>{HELLO}</p>
        <div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">
        <p><b>Xyz:</b> S {OLD} <br><b>Abc:</b> 5 3<br><b>Def:</b> M</p></div><p>Old</p>""",
    "apple mail": f"""{HELLO}<div><br><blockquote type="cite"><div>On 5 Mar 2024, at 10:15, S {OLD} wrote:</div>
        <div>Old</div></blockquote></div>""",
    "answer under the quote": f"""<blockquote type="cite"><div>On 5 Mar 2024, S wrote:</div>
        <div>Old</div></blockquote>
        <div>{HELLO}</div>""",
    "gmail": f"""<div dir="ltr">{HELLO}</div><div class="gmail_quote gmail_quote_container"><div class="gmail_attr">
        whatever the language says {OLD}:<br></div><blockquote class="gmail_quote">old</blockquote></div>""",
    "proton": f"""<div>{HELLO}</div><div class="protonmail_signature_block">Sent with Proton Mail.</div>
        <div class="protonmail_quote">On Tuesday S wrote:<blockquote type="cite">old</blockquote></div>""",
    "yahoo": f"""<div class="ydp12ab34cdyahoo-style-wrap">{HELLO}</div><div class="yahoo_quoted">
        <div>On Tuesday, S wrote:</div><div>old</div></div>""",
    "zoho": f"""<div>{HELLO}</div><div class="zmail_extra">
        ---- On Tue S wrote ----<blockquote>old</blockquote></div>""",
    "roundcube": f"""<p>{HELLO}</p><p id="reply-intro">On 2024-03-05 10:15, S wrote:</p>
        <blockquote type="cite">old</blockquote>""",
    "thunderbird": f"""<p>{HELLO}</p><div class="moz-cite-prefix">Am 05.03.24 um 10:15 schrieb S:<br></div>
        <blockquote type="cite" cite="mid:x">alt</blockquote><div class="moz-signature">-- <br>Mara</div>""",
    "plain text in pre": f"<pre>{HELLO}\n\nOn 5 Mar 2024 10:15, S {OLD} wrote:\n&gt; old\n&gt; older\n</pre>",
    "iphone": f"""{HELLO}<br><br><div>Von meinem iPhone gesendet</div><blockquote type="cite">
        Am 05.03.2024 um 10:15 schrieb S:<br></blockquote><blockquote type="cite">alt</blockquote>""",
    "our reply line": f"<p>{HELLO}</p><div>##- Please write above this line -##</div><p>Your ticket</p>",
}
KEPT = {
    "an indented block": '<div>Look:</div><blockquote style="margin:0 0 0 40px;border:none">A list</blockquote>',
    "a quotation of her own": "<p>The manual says:</p><blockquote>Press the button.</blockquote><p>It does not.</p>",
    "a table": "<table><tr><td>Size</td><td>42</td></tr></table>",
    "only a quote": '<blockquote type="cite">old</blockquote>',
}


@pytest.mark.parametrize("html", REPLIES.values(), ids=REPLIES)
def test_only_the_answer_is_left(html):
    assert plain(text_of(visible_html(f"<html><body>{html}</body></html>"))) == HELLO


@pytest.mark.parametrize("html", KEPT.values(), ids=KEPT)
def test_what_a_person_writes_is_left_as_it_came(html):
    assert visible_html(html) == html


def test_answers_between_gmail_s_quotes_stay():
    html = """<div class="gmail_quote"><div class="gmail_attr">On Tue, 5 Mar 2024 at 10:15, S wrote:</div>
        <blockquote class="gmail_quote">Which size?</blockquote><div>Size 42.</div>
        <blockquote class="gmail_quote">Which colour?</blockquote><div>Blue.</div></div>"""
    assert plain(text_of(visible_html(html))) == "Size 42. Blue."


def test_pictures_of_the_answer_stay_and_those_of_the_quote_go():
    html = '<p>See: <img src="cid:new"></p><blockquote type="cite">old <img src="cid:old"></blockquote>'
    assert "cid:new" in visible_html(html)
    assert "cid:old" not in visible_html(html)


def test_the_better_of_both_bodies_gives_the_text():
    mail = Mail(
        text="Hello, it works.\n\nWhatever header\nOld text",
        html="<p>Hello, it works.</p><div class=yahoo_quoted>Old</div>",
    )
    assert visible(mail).text == "Hello, it works."


@pytest.mark.parametrize("html", ["", "   ", "<", "<!-- only -->", "\x00<p>hi", "just text", "<p>\ud800</p>"])
def test_odd_html_is_no_reason_to_fail(html):
    assert isinstance(visible_html(html), str)
