"""Read the demo company: who works there, what people ask, and the articles that answer."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "company"


@dataclass(frozen=True)
class Team:
    slug: str
    name: str
    about: str
    lead: str


@dataclass(frozen=True)
class Agent:
    """`role` is "agent", "lead" or "admin"; `teams` are slugs, the home team first."""

    id: str
    name: str
    email: str
    role: str
    teams: tuple[str, ...]


@dataclass(frozen=True)
class Inbox:
    address: str
    name: str
    team: str


@dataclass(frozen=True)
class Intent:
    """`risk` is "information", "account" or "money"; `share` percent of all requests; `answerable` 0 to 1: the part
    that public articles answer without a person; `answers` ids of articles."""

    slug: str
    name: str
    description: str
    team: str
    inbox: str
    risk: str
    priority: str
    type: str
    area: str
    share: float
    answerable: float
    answers: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """`audience` is "public" or "internal"; `status` "current" or "outdated"; `updated` an ISO date; `translates`
    ids of articles in English that say the same; `body` Markdown without the front matter."""

    id: str
    title: str
    collection: str
    product_area: str
    intents: tuple[str, ...]
    language: str
    audience: str
    status: str
    replaced_by: str
    translates: tuple[str, ...]
    updated: str
    body: str


@dataclass(frozen=True)
class Company:
    """`hours` names ISO weekdays (1 = Monday) and local times in `timezone`."""

    name: str
    domain: str
    timezone: str
    currency: str
    about: str
    hours: dict[str, Any]
    teams: tuple[Team, ...]
    agents: tuple[Agent, ...]
    inboxes: tuple[Inbox, ...]
    areas: tuple[str, ...]
    intents: tuple[Intent, ...]
    articles: tuple[Article, ...]

    def intent(self, slug: str) -> Intent:
        """Raises KeyError for an unknown slug."""
        return {intent.slug: intent for intent in self.intents}[slug]

    def article(self, id: str) -> Article:  # noqa: A002 (an article's name here is its id)
        """Raises KeyError for an unknown id."""
        return {article.id: article for article in self.articles}[id]

    def colleagues(self, team: str) -> tuple[Agent, ...]:
        """The agents of a team; those whose home team it is come first."""
        members = [agent for agent in self.agents if team in agent.teams]
        return tuple(sorted(members, key=lambda agent: agent.teams[0] != team))


@cache
def company() -> Company:
    """The whole company, read once."""
    data = tomllib.loads((HERE / "company.toml").read_text(encoding="utf-8"))
    about = data["company"]
    return Company(
        **{key: about[key] for key in ("name", "domain", "timezone", "currency", "about", "hours")},
        teams=tuple(Team(**row) for row in data["teams"]),
        agents=tuple(Agent(**_frozen(row)) for row in data["agents"]),
        inboxes=tuple(Inbox(**row) for row in data["inboxes"]),
        areas=tuple(data["areas"]["names"]),
        intents=tuple(Intent(**_frozen(row)) for row in data["intents"]),
        articles=tuple(read_article(path) for path in sorted((HERE / "articles").glob("*.md"))),
    )


def read_article(path: Path) -> Article:
    """One Markdown file with front matter between two lines of `---`: `key: value`, lists as `[a, b]`."""
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
    return Article(
        id=path.stem,
        title=fields["title"].strip('"'),
        collection=fields["collection"],
        product_area=fields["product_area"],
        intents=tuple(re.findall(r"[\w-]+", fields["intents"])),
        language=fields["language"],
        audience=fields["audience"],
        status=fields.get("status", "current"),
        replaced_by=fields.get("replaced_by", ""),
        translates=tuple(re.findall(r"[\w-]+", fields.get("translates", ""))),
        updated=fields["updated"],
        body=body.strip(),
    )


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
