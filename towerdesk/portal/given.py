"""What somebody filled in, read and looked at: what is wrong is one sentence in the page's language, and a word at each field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from towerdesk.channels.webform.said import SaidPage
from towerdesk.channels.webform.words import Words
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line, split_url, storable
from towerdesk.people.find import normal_email
from towerdesk.tickets.asks import Ask
from towerdesk.tickets.form_lines import name_in
from towerdesk.tickets.shown import shown
from towerdesk.tickets.taxonomy.check_fields import checked
from towerdesk.tickets.taxonomy.choose import choose

LONGEST = 20_000  # characters of the text
EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[\w](?:[\w-]*[\w])?\.)+[^\W\d_][\w-]*")


@dataclass(slots=True)
class Given:
    """`answers` by the asks' keys, only of those that were asked; `wrong` by the names of the inputs."""

    email: str = ""
    name: str = ""
    subject: str = ""
    text: str = ""
    answers: dict[str, str | list[str]] = field(default_factory=dict)
    page: SaidPage | None = None
    wrong: dict[str, str] = field(default_factory=dict)
    sentence: str = ""


def read(given: QueryDict, asks: Sequence[Ask]) -> Given:
    typed = {ask.key: _typed(given, ask) for ask in asks}
    return Given(
        email=normal_email(storable(given.get("email", ""))),
        name=one_line(storable(given.get("name", "")), 200),
        subject=one_line(storable(given.get("subject", "")), 300),
        text=storable(given.get("text", "")).replace("\r\n", "\n").strip(),
        answers={ask.key: typed[ask.key] for ask in shown(asks, typed) if typed[ask.key]},
        page=_page(given.get("page_address", ""), given.get("page_title", "")),
    )


def look_at(given: Given, asks: Sequence[Ask], words: Words) -> None:
    """Writes what is wrong onto it: first what is missing, all of it in one sentence, else the first thing that is odd."""
    asked = shown(asks, given.answers)
    missing = {
        **({} if given.subject else {"subject": words["about"]}),
        **({} if given.text else {"text": words["text"]}),
        **{one.html_name: name_in(words, one) for one in asked if one.required and not given.answers.get(one.key)},
        **({} if given.email else {"email": words["email"]}),
    }
    given.wrong = dict.fromkeys(missing, words["here"])
    odd = {one.html_name: _odd(one, given.answers[one.key], words) for one in asked if one.key in given.answers}
    if given.email and not (EMAIL.fullmatch(given.email) and len(given.email) <= 254):
        odd["email"] = words["bad_email"]
    if len(given.text) > LONGEST:
        odd["text"] = words.say("bad_long", most=LONGEST)
    given.wrong |= {name: sentence for name, sentence in odd.items() if sentence}
    if missing:
        given.sentence = words.say("fill_in", names=words.named([name.rstrip(":?. ") for name in missing.values()]))
    else:
        given.sentence = next(iter(given.wrong.values()), "")


def _odd(ask: Ask, answer: str | list[str], words: Words) -> str:
    """Empty when it is as its kind demands. Whether a person is known is not asked: nobody on the web shall learn that."""
    try:
        if ask.is_built_in:
            choose(ask.key, str(answer))
        elif ask.kind == "person":
            return "" if EMAIL.fullmatch(str(answer)) else words.say("bad_person", name=name_in(words, ask))
        else:
            checked({ask.key: answer}, {})
    except Invalid:
        return words.say(f"bad_{'choice' if ask.kind == 'multi' else ask.kind}", name=name_in(words, ask))
    return ""


def _typed(given: QueryDict, ask: Ask) -> str | list[str]:
    if ask.kind == "multi":
        return [storable(one)[:60] for one in given.getlist(ask.html_name)][:40]
    return storable(given.get(ask.html_name, "")).strip()[:5_000]


def _page(address: str, title: str) -> SaidPage | None:
    """Where the form stood, without what follows the path: that may be somebody's secret."""
    parts = split_url(address[:2_000]) if address.isprintable() else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    plain = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return SaidPage(address=one_line(plain, 300), title=one_line(storable(title), 120))
