"""How mail programs mark quotes and signatures in their HTML: tags, classes, ids and borders."""

import re
from typing import Literal

from lxml import etree

type Kind = Literal["", "quote", "signature", "block", "container"]

HIDDEN = frozenset("head style script title template noscript object svg select textarea".split())
BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul td th".split()
)
SPACED = frozenset("p h1 h2 h3 h4 h5 h6 blockquote ul ol table pre hr dl".split())
NEVER_BARE = frozenset(
    "html body head img br hr td th tr tbody table col colgroup style script meta link title".split()
)

# Names are compared without the prefixes that web mailers put before them (x_, ecx, m_-123…).
PREFIX = re.compile(r"^(?:x_|ecx|m_-?\d+|yiv\d+|ydp[0-9a-f]{6,10})+", re.IGNORECASE)
QUOTE_NAMES = frozenset(
    """yahoo_quoted protonmail_quote moz-cite-prefix moz-email-headers-table moz-forward-container zmail_extra
    tutanota_quote gmail_attr olk_src_body_section mail-editor-reference-message-container messagereplysection
    ms-outlook-mobile-reference-message outlookmessageheader spark_quote reply-intro isforwardcontent quotedtext
    edo-original origmail ntes-mailmaster-quote qmbox_quote quoted-message originalmessage original-message
    wm_quote canary_quote mailspring-quote""".split()
)
CONTAINER_NAMES = frozenset(["gmail_quote", "gmail_quote_container", "gmail_extra_quote"])
SIGNATURE_NAMES = frozenset(
    """gmail_signature moz-signature protonmail_signature_block tutanota_signature signature mail-signature
    email-signature mailsignature ms-outlook-mobile-signature yahoo-signature spark_signature canary-signature
    signature_block _rc_sig zmail_signature airmailsignature bloop_sign mail_signature nylas-signature
    emailsignature""".split()
)
CUT_NAMES = frozenset("divrplyfwdmsg appendonsend stopspelling zwchr gwmsgreplysep replysplit".split())
TOP_BORDER = re.compile(r"border-top(?:-style)?\s*:[^;]*\b(?:solid|double|dashed|groove|ridge|inset)\b", re.IGNORECASE)
SIDE_BORDER = re.compile(
    r"border-(?:left|right)(?:-(?:style|width|color))?\s*:\s*(?!none|0\b|0px|medium none)\w", re.IGNORECASE
)
NO_BORDER = re.compile(r"border(?:-left)?\s*:\s*(?:none|0|0px|medium none)\s*(?:;|$)", re.IGNORECASE)


def names_of(element: etree._Element) -> list[str]:
    found = f"{element.get('class', '')} {element.get('id', '')} {element.get('name', '')}".split()[:20]
    return [PREFIX.sub("", name.lower()) for name in found]


def kind_of(element: etree._Element) -> Kind:
    if element.tag == "blockquote":
        return blockquote_kind(element)
    if not element.attrib:
        return ""
    names = names_of(element)
    if any(name in QUOTE_NAMES for name in names):
        return "quote"
    if any(name in SIGNATURE_NAMES for name in names) or element.get("data-signatureblock") or is_smart_mail(element):
        return "signature"
    if any(name in CONTAINER_NAMES for name in names):
        return "container" if element.find(".//blockquote") is not None else "quote"
    return ""


def is_smart_mail(element: etree._Element) -> bool:
    return bool(element.get("data-smartmail") == "gmail_signature")


def blockquote_kind(element: etree._Element) -> Kind:
    """Gmail indents with a <blockquote> without a border: no quote. A bare one is a quote behind a header only."""
    style = element.get("style", "")
    names = names_of(element)
    if element.get("type") == "cite" or element.get("cite") or any("quote" in n or "cite" in n for n in names):
        return "quote"
    if SIDE_BORDER.search(style):
        return "quote"
    return "" if NO_BORDER.search(style) else "block"


def has_top_border(element: etree._Element) -> bool:
    style = element.get("style", "")
    return bool(style) and element.tag == "div" and bool(TOP_BORDER.search(style[:2000]))


def is_cut(element: etree._Element) -> bool:
    return bool(element.attrib) and any(name in CUT_NAMES for name in names_of(element))
