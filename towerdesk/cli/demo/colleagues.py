"""What the agents of the demo company write: replies, questions back, notes and resolutions."""

import re
import tomllib
from functools import cache
from typing import Any

from towerdesk.cli.demo.dice import Dice, dice, fill, pick
from towerdesk.cli.demo.facts import HERE, Agent, company
from towerdesk.cli.demo.phrases import Case, incident, phrases
from towerdesk.cli.demo.request import Request


def agent_for(request: Request) -> Agent:
    """Someone of the intent's team; the lead for a complaint; Orders for what belongs to no intent."""
    chance = dice(request.token, "agent")
    team = company().intent(request.intent).team if request.intent else "orders"
    colleagues = company().colleagues(team)
    return colleagues[0] if request.intent == "complaint" else chance.choice(colleagues)


def agent_reply(request: Request, agent: str = "", *, turn: int = 0) -> str:
    """A good reply of a person: greeting, answer, offer, first name. `turn` gives another wording of a later reply."""
    chance = dice(request.token, "reply", turn)
    words, facts = _words(request), _facts(request, agent)
    return "\n\n".join(
        part
        for part in (
            pick(chance, words["greetings"], facts),
            _paragraph(request, chance, words, facts, turn),
            pick(chance, words["offers"], facts),
            pick(chance, words["signoffs"], facts),
        )
        if part
    )


def ask_back(request: Request, agent: str = "") -> str:
    """A reply that asks for the one thing that is missing."""
    chance = dice(request.token, "ask")
    words, facts = _words(request), _facts(request, agent)
    wanted = _tables()["wanted"].get(request.intent, ["order number", "die Bestellnummer"])
    asked = pick(chance, words["ask_back"], facts | {"wanted": wanted[words is not _tables()]})
    return "\n\n".join([pick(chance, words["greetings"], facts), asked, pick(chance, words["signoffs"], facts)])


def internal_note(request: Request, agent: str = "") -> str:
    """What an agent writes for the colleagues only."""
    return _said(request, "notes", agent)


def resolution_note(request: Request, agent: str = "") -> str:
    """One sentence about how it ended."""
    return _said(request, "resolutions", agent)


def _paragraph(request: Request, chance: Dice, words: dict[str, Any], facts: dict[str, str], turn: int) -> str:
    """The answer itself; an angry customer first reads that we are sorry, and only once."""
    sorry = f"{pick(chance, words['sorry'], facts)} " if request.mood == "angry" and turn == 0 else ""
    prefix = _tables().get(request.language, {}).get("prefix", "")
    return "\n\n".join(part for part in (prefix, f"{sorry}{_answer(request, facts, turn)}") if part)


def _answer(request: Request, facts: dict[str, str], turn: int) -> str:
    if request.kind != "request":
        return str(_tables()["strays"].get(request.kind, _tables()["strays"]["out_of_scope"]))
    case = _case(request)
    texts = case.replies.get(request.language) or case.replies["en"]
    closest = sorted(texts, key=lambda text: -len(_content(text) & _content(request.words)))
    return fill(closest[turn % len(closest)], facts)


def _content(text: str) -> set[str]:
    """The words that say something: long ones and codes."""
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 4 or any(map(str.isdigit, word))}


def _case(request: Request) -> Case:
    about = incident() if request.during_incident else phrases(request.intent)
    return about.cases[request.case]


def _said(request: Request, table: str, agent: str) -> str:
    chance = dice(request.token, table)
    texts = _tables()[table]
    general = texts["person" if request.needs_person else "any"]
    own = texts.get(request.intent, [])
    return pick(chance, own if own and chance.random() < 0.7 else general, _facts(request, agent))


def _facts(request: Request, agent: str) -> dict[str, str]:
    name = agent or agent_for(request).name
    others = [colleague.name for colleague in company().agents if colleague.name != name]
    colleague = dice(request.token, "colleague").choice(others)
    return request.slots | {"agent": name.split()[0], "colleague": colleague.split()[0]}


def _words(request: Request) -> dict[str, Any]:
    """The words around a reply: German for German mail that we can answer in German, English otherwise."""
    tables = _tables()
    german = request.language == "de" and (request.kind != "request" or _case(request).replies["de"])
    return tables["de"] if german and request.kind == "request" else tables


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((HERE / "colleagues.toml").read_text(encoding="utf-8"))
