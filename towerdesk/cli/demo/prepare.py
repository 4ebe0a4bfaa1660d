"""Set up the demo company: teams, agents, inboxes, intents and articles. Safe to repeat."""

from datetime import timedelta

from django.utils.text import slugify

from config import env
from towerdesk.accounts.models import Team, User
from towerdesk.accounts.users import create_user, set_password
from towerdesk.assistant.brain import train_intents
from towerdesk.assistant.decide_late import decide_late
from towerdesk.assistant.models import Brain
from towerdesk.assistant.terms import set_terms
from towerdesk.channels.models import Inbox
from towerdesk.cli.demo.automate import automate
from towerdesk.cli.demo.facts import HERE, Company, company
from towerdesk.cli.demo.facts import Article as Told
from towerdesk.cli.demo.promises import promise
from towerdesk.cli.demo.shop.connect import connect_shop
from towerdesk.events.record import follow_with
from towerdesk.knowledge.index import index_all
from towerdesk.knowledge.models import Article, Collection
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import embedder
from towerdesk.setup.bring_in import bring_in
from towerdesk.setup.tree import read_tree
from towerdesk.tickets.models import Intent

SENDS = 7
"""How many of the most frequent harmless intents may, once licensed, be answered alone."""
PAUSES = 3
WATCHED = ("product-question", "machine-fault", "repair-status", "complaint")
BEFORE = timedelta(days=120)
"""The articles are older than the past that is told: who looks back finds them there."""
SIGN_IN = "ana.reyes@brasswell.example"


def prepare() -> str:
    """Returns the sign-in as the ready line shows it."""
    follow_with({})  # what follows from publishing is `understand`'s, in the background
    told = company()
    password = env.secret("demo-password")[:16]
    if not Team.objects.filter(slug=told.teams[0].slug).exists():
        set_up(told, password)
    _articles(told)
    connect_shop()
    admin = next(agent.email for agent in told.agents if agent.role == "admin")
    return f"sign in as {SIGN_IN} / {password} (or as {admin}, to see all settings)"


def set_up(told: Company, password: str) -> None:
    """Everything but the articles."""
    _teams_and_people(told, password)
    _inboxes(told)
    bring_in(read_tree(HERE / "taxonomy.yaml"), by=CLOCK)
    _intents(told)
    bring_in(read_tree(HERE / "forms.yaml"), by=CLOCK)
    automate()
    promise(told)
    set_terms(holdout_share=0.05, by=CLOCK)


def understand() -> None:
    """Give the assistant what it needs to understand the company: vectors of the articles, a head for the intents.

    The desk takes mail while this is being made: what came in by then is decided on now.
    """
    index_all(embedder())
    if not Brain.objects.filter(name="intents", active=True).exists():
        train_intents(embedder())
        decide_late()


def _teams_and_people(told: Company, password: str) -> None:
    teams = {team.slug: Team.objects.create(slug=team.slug, name=team.name) for team in told.teams}
    for agent in told.agents:
        known = User.objects.filter(email=agent.email).first()
        user = known or create_user(agent.email, password, name=agent.name, role=agent.role, by=CLOCK)
        set_password(user, password, by=CLOCK)
        user.teams.set([teams[slug] for slug in agent.teams])


def _inboxes(told: Company) -> None:
    teams = {team.slug: team for team in Team.objects.all()}
    for inbox in told.inboxes:
        Inbox.objects.get_or_create(
            address=inbox.address, defaults={"name": inbox.name, "sender_name": inbox.name, "team": teams[inbox.team]}
        )


def _intents(told: Company) -> None:
    teams = {team.slug: team for team in Team.objects.all()}
    harmless = sorted((i for i in told.intents if i.risk == "information"), key=lambda intent: -intent.share)
    may_answer = [intent.slug for intent in harmless if intent.slug not in WATCHED]
    for intent in told.intents:
        Intent.objects.get_or_create(
            slug=intent.slug,
            defaults={
                "name": intent.name,
                "description": intent.description,
                "examples": list(intent.examples),
                "team": teams[intent.team],
                "risk": intent.risk,
                "priority": intent.priority,
                "type": intent.type,
                "product_area": intent.area,
                "level": _level(intent.slug, may_answer),
            },
        )


def _level(slug: str, may_answer: list[str]) -> str:
    if slug in WATCHED:
        return "shadow"
    if slug in may_answer[:SENDS]:
        return "send"
    return "pause" if slug in may_answer[SENDS : SENDS + PAUSES] else "suggest"


def _articles(told: Company) -> None:
    with clock.at(now() - BEFORE):
        for article in told.articles:
            if not Article.objects.filter(slug=article.id).exists():
                _article(article)


def _article(told: Told) -> None:
    shelf, _ = Collection.objects.get_or_create(name=told.collection, defaults={"slug": slugify(told.collection)})
    article = write(
        None,
        told.title,
        told.body,
        collection=shelf,
        audience=told.audience,
        language=told.language,
        product_area=told.product_area,
        slug=told.id,
        by=CLOCK,
    )
    if told.status == "current":
        publish(article, by=CLOCK)
