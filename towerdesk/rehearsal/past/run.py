"""Begin a replay, go on with it in slices, stop it, take it up again. What is done stays done, whoever is killed."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from towerdesk.knowledge.models import Article, Version
from towerdesk.knowledge.then import Library
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import Embedder
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.locks import if_nobody_else
from towerdesk.rehearsal.models import Replay, ReplayItem
from towerdesk.rehearsal.past.agree import compare
from towerdesk.rehearsal.past.blind import draw
from towerdesk.rehearsal.past.decide import Remembering, Tools, decide
from towerdesk.rehearsal.past.figures import sum_up
from towerdesk.rehearsal.past.gather import gather
from towerdesk.rehearsal.past.story import Story
from towerdesk.rehearsal.past.teach import Taught, period_of, taught
from towerdesk.tickets.models import Intent

AT_ONCE = 25
RETRAIN = 28
MOST = 50_000
SAMPLE = 40

log = structlog.get_logger()


def begin(
    *,
    last: int = 5000,
    retrain: int = RETRAIN,
    rounds: int = 0,
    articles: str = "then",
    sample: int = SAMPLE,
    stories: Iterable[Story] | None = None,
    library: Sequence[Mapping[str, Any]] | None = None,
    source: str = "desk",
    name: str = "",
    by: Actor,
) -> Replay:
    """Write down what is to be decided again. `stories` and `library` are of an export; without them the desk's own past.

    `retrain`: the heads are trained anew each so many days of the past, 0: never after the beginning; `rounds`: at most so
    often, 0: whenever it is due. `articles`: `then`, or `today`: as if today's had always been there, which the report says.
    """
    by.must("report.read")
    by.must("ticket.read_all")
    _must_be_sensible(last, retrain, articles)
    told = list(stories if stories is not None else gather(last))
    told = sorted(told, key=lambda story: (story.asked_at, story.key))[-last:]
    if not told:
        raise Invalid("There is nothing to look back on: no ticket was resolved yet.")
    settings = {"last": last, "retrain": retrain, "rounds": rounds, "articles": articles, "sample": sample}
    with transaction.atomic():
        replay = Replay.objects.create(
            source=source,
            name=name[:200],
            settings=settings,
            articles=list(library) if library is not None else None,
            total=len(told),
            by_name=by.name,
        )
        ReplayItem.objects.bulk_create([story.as_item(replay.pk) for story in told], batch_size=500)
    return replay


def _must_be_sensible(last: int, retrain: int, articles: str) -> None:
    if not 1 <= last <= MOST:
        raise Invalid(f"Look back on 1 to {MOST:,} tickets.")
    if not 0 <= retrain <= 3650:
        raise Invalid("The heads are trained anew each so many days: a number from 0 (never) to 3650.")
    if articles not in ("then", "today"):
        raise Invalid("The articles are those of “then” or of “today”.")


def stop(replay: Replay, *, by: Actor) -> None:
    by.must("ticket.read_all")
    if not Replay.objects.filter(pk=replay.pk, state__in=("waiting", "running")).update(state="stopping"):
        raise Conflict("It does not run any more.")


def take_up(replay: Replay, *, by: Actor) -> None:
    """Go on where it was stopped or failed."""
    by.must("ticket.read_all")
    going = Replay.objects.filter(pk=replay.pk, state__in=("stopped", "failed"))
    if not going.update(state="waiting", trouble="", ended_at=None):
        raise Conflict("It runs, or is done.")


def remove(replay: Replay, *, by: Actor) -> None:
    by.must("ticket.read_all")
    if replay.is_going:
        raise Conflict("It runs: stop it first.")
    replay.delete()


def go_on(
    replay: Replay, embedder: Embedder, *, seconds: float | None = None, tell: Callable[[Replay], None] | None = None
) -> bool:
    """Work for so many seconds, or to the end; True when there is more to do. Only one process works on a replay."""
    with if_nobody_else(f"replay {replay.pk}") as mine:
        if not mine:
            return False
        if not Replay.objects.filter(pk=replay.pk, state__in=("waiting", "running")).update(state="running"):
            return _may_have_stopped(replay)
        try:
            return _work(replay, embedder, seconds, tell)
        except Exception as trouble:
            _end(replay, "failed", trouble=str(trouble)[:500])
            log.exception("a replay failed", replay=replay.pk)
            raise


def _may_have_stopped(replay: Replay) -> bool:
    if Replay.objects.filter(pk=replay.pk, state="stopping").exists():
        _end(replay, "stopped")
    return False


def _work(replay: Replay, embedder: Embedder, seconds: float | None, tell: Callable[[Replay], None] | None) -> bool:
    bench = _bench_of(replay, embedder)
    until = time.monotonic() + seconds if seconds else None
    while True:
        replay.refresh_from_db(fields=["state", "done"])
        if replay.state == "stopping":
            return _may_have_stopped(replay)
        items = list(replay.items.filter(decided=False).order_by("at", "id")[:AT_ONCE])
        if not items:
            finish(replay, bench.library)
            _clear_away()
            return False
        bench.decide(items)
        replay.done += len(items)
        replay.save(update_fields=["done"])
        if tell:
            tell(replay)
        if until and time.monotonic() > until:
            return True


def _clear_away() -> None:
    global _bench
    _bench = None


def finish_again(replay: Replay) -> None:
    """The figures anew, when the sample was graded."""
    finish(replay, library_of(replay, None))


def finish(replay: Replay, library: Library | None) -> None:
    """Sum up; also after people graded the blind sample."""
    items = list(replay.items.filter(decided=True).order_by("at", "id"))
    draw(items, int(replay.settings.get("sample", SAMPLE)))
    current = library.published if library and replay.settings["articles"] == "then" else None
    replay.result = sum_up(replay, items, current) | {"heads": replay.result.get("heads", [])}
    ReplayItem.objects.bulk_update(items, ["alone", "blind"], batch_size=500)
    _end(replay, "done")


def _end(replay: Replay, state: str, trouble: str = "") -> None:
    replay.state, replay.trouble, replay.ended_at = state, trouble, now()
    replay.save(update_fields=["state", "trouble", "ended_at", "result"])


_bench: "Bench | None" = None


def _bench_of(replay: Replay, embedder: Embedder) -> "Bench":
    """The one of the last slice, if it was of this replay: training takes longer than a slice."""
    global _bench
    if _bench is None or _bench.replay.pk != replay.pk:
        _bench = Bench(replay, embedder)
    _bench.replay = replay
    return _bench


class Bench:
    """What decides: the library of every day, and the heads of the day, trained when their day comes."""

    def __init__(self, replay: Replay, embedder: Embedder) -> None:
        self.replay = replay
        self.library = library_of(replay, embedder)
        self._tools = Tools(Remembering(embedder), intents_of(replay))
        self._embedder = embedder
        self._begin = replay.items.order_by("at", "id").values_list("at", flat=True)[0]
        self._taught: Taught | None = None

    def decide(self, items: Sequence[ReplayItem]) -> None:
        for item in items:
            heads = self._heads_for(item)
            item.period = heads.period
            proposal = decide(item, heads.heads, self.library.at(self._reads_at(item)), self._tools)
            compare(item, [one["text"] for one in proposal.grounded], self._tools.embedder)
            item.decided = True
            item.save()

    def _reads_at(self, item: ReplayItem) -> datetime:
        return now() if self.replay.settings["articles"] == "today" else item.at

    def _heads_for(self, item: ReplayItem) -> Taught:
        days = int(self.replay.settings["retrain"])
        period = period_of(item.at, self._begin, days)
        period = min(period, int(self.replay.settings.get("rounds", 0)) or period)
        if self._taught is None or self._taught.period != period:
            since = self._begin + timedelta(days=days) * period
            before = self.replay.items.filter(at__lt=since).order_by("at", "id")
            intents = list(self._tools.intents.values())
            self._taught = taught(before.iterator(), intents, since, period, self._embedder)
            self._tools.embedder.forget()
            self._note(self._taught)
        return self._taught

    def _note(self, heads: Taught) -> None:
        said = {
            "period": heads.period,
            "since": heads.since.isoformat(),
            "examples": heads.examples,
            "grades": heads.grades,
        }
        known = [one for one in self.replay.result.get("heads", []) if one["period"] != heads.period]
        self.replay.result["heads"] = [*known, said]
        self.replay.save(update_fields=["result"])


def intents_of(replay: Replay) -> dict[str, Intent]:
    """The desk's; for an export also what it calls its kinds of requests, as intents that are in no table."""
    found = {intent.slug: intent for intent in Intent.objects.filter(active=True).order_by("id")}
    if replay.source != "desk":
        for labels in replay.items.order_by("id").values_list("told__labels", flat=True):
            for _, slug in labels or ():
                found.setdefault(slug, Intent(slug=slug, name=slug.replace("-", " "), level="send", examples=[]))
    return found


def library_of(replay: Replay, embedder: Embedder | None) -> Library:
    """Without an embedder it knows only what was published when."""
    if replay.articles is None:
        return Library(embedder)
    told = []
    for number, one in enumerate(replay.articles, 1):
        article = Article(pk=number, slug=one["slug"], title=one["title"], language=one.get("language", "en"))
        version = Version(pk=number, article=article, number=1, title=one["title"], text=one["text"])
        told.append((datetime.fromisoformat(one["at"]), version))
    return Library(embedder, told)
