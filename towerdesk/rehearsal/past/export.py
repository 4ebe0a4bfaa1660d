"""Read another desk's export for a replay, without importing anything: Zendesk's and Freshdesk's API pages, or JSON lines.

A folder is read whole, in the order of its file names. What each page is, is told by what is in it. Unknown fields are
passed over; what can't be tied to a ticket is counted and said. docs/reference/replay.md describes the neutral format.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from towerdesk.insights.effort import MINUTES
from towerdesk.knowledge.plain import plain
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.rehearsal.past.story import Story

type Row = Mapping[str, Any]

FRESHDESK_RESOLVED, FRESHDESK_PUBLISHED = (4, 5), 2
ZENDESK_RESOLVED = ("solved", "closed")
NUMBER = re.compile(r"(\d+)")
MOST_BYTES = 2_000_000_000


@dataclass(slots=True)
class Export:
    """`articles` is None when there are none: then those of the desk are taken. `passed_over` counts what was not used."""

    format: str
    stories: list[Story] = field(default_factory=list)
    articles: list[dict[str, Any]] | None = None
    passed_over: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Told:
    """One message of an export."""

    at: datetime
    is_ours: bool
    is_public: bool
    text: str


@dataclass(slots=True)
class _Pages:
    tickets: dict[str, Row] = field(default_factory=dict)
    comments: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    articles: list[Row] = field(default_factory=list)
    formats: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)


def read_export(path: Path, intent: str = "type") -> Export:
    """`intent`: the ticket's field that says what it was about. Raises `NotFound` and `Invalid`, each with what to do."""
    if not path.exists():
        raise NotFound(f"There is no file or folder {path}.")
    pages = _Pages()
    for file in sorted(path.rglob("*.json*")) if path.is_dir() else [path]:
        for page in _objects(file):
            _sort_in(page, file, pages)
    if not pages.tickets:
        raise Invalid(f"There is no ticket in {path}: a replay needs pages of tickets, or lines of the neutral format.")
    return _as_export(pages, intent)


def _objects(file: Path) -> Iterator[Any]:
    if file.stat().st_size > MOST_BYTES:
        raise Invalid(f"{file.name} is larger than 2 GB: split it.")
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    try:
        yield json.loads(text)
    except ValueError:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield _line(line, file, number)


def _line(line: str, file: Path, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise Invalid(f"{file.name}, line {number}: this is no JSON.") from None


def _sort_in(page: Any, file: Path, pages: _Pages) -> None:
    if isinstance(page, list):
        for row in page:
            if isinstance(row, Mapping):
                _sort_in_row(row, file, pages)
    elif isinstance(page, Mapping):
        for name in ("tickets", "results", "articles", "audits"):
            for row in _rows(page.get(name)):
                _sort_in_row(row, file, pages)
        for name in ("ticket", "article", "audit"):
            if isinstance(page.get(name), Mapping):
                _sort_in_row(page[name], file, pages)
        if "comments" in page and "messages" not in page:
            _comments(page, file, pages)
        elif not {"tickets", "results", "articles", "audits", "ticket", "article", "audit"} & set(page):
            _sort_in_row(page, file, pages)


def _comments(page: Row, file: Path, pages: _Pages) -> None:
    """A page of Zendesk's comments does not say whose they are: a `ticket_id` beside them does, or the file's name."""
    named = NUMBER.findall(str(page.get("ticket_id") or file.stem))
    if named:
        pages.comments[named[-1]] += _rows(page["comments"])
    else:
        pages.passed_over["pages of comments that name no ticket"] += 1


def _sort_in_row(row: Row, file: Path, pages: _Pages) -> None:
    if "messages" in row or row.get("kind") in ("ticket", "article"):
        pages.formats["lines"] += 1
        if row.get("kind") == "article":
            pages.articles.append(row)
        else:
            pages.tickets[str(row.get("id"))] = row
    elif isinstance(row.get("events"), list) and "ticket_id" in row:
        comments = [event for event in row["events"] if event.get("type") == "Comment"]
        pages.comments[str(row["ticket_id"])] += [
            {**row, **comment, "created_at": row["created_at"]} for comment in comments
        ]
    elif "ticket_id" in row and ("body_text" in row or "body" in row):
        pages.comments[str(row["ticket_id"])].append(row)
    elif "requester_id" in row and "subject" in row:
        pages.formats["zendesk" if isinstance(row.get("status"), str) else "freshdesk"] += 1
        pages.tickets[str(row["id"])] = row
    elif "title" in row and ("description_text" in row or "body" in row):
        pages.articles.append(row)
    else:
        pages.passed_over["rows of no use here"] += 1


def _as_export(pages: _Pages, intent: str) -> Export:
    export = Export(pages.formats.most_common(1)[0][0], passed_over=pages.passed_over)
    for number, row in pages.tickets.items():
        story = _story(number, row, pages.comments.get(number, []), intent)
        if story is None:
            export.passed_over["tickets that are not resolved, or hold no text"] += 1
        else:
            export.stories.append(story)
    articles = [told for row in pages.articles if (told := _article(row)) is not None]
    export.articles = articles or None
    return export


def _story(number: str, row: Row, comments: list[Row], intent: str) -> Story | None:
    resolved = _resolved_at(row)
    messages = sorted(_messages(row, comments), key=lambda one: one.at)
    asked = next((one for one in messages if not one.is_ours and one.is_public and one.text.strip()), None)
    if resolved is None or asked is None:
        return None
    answers = [one for one in messages if one.is_ours and one.is_public and one.text.strip()]
    last = answers[-1] if answers else None
    label = slugify(_label(row, intent))
    settled = last is not None and not any(one.at > last.at for one in messages if not one.is_ours)
    return Story(
        key=number,
        asked_at=asked.at,
        subject=str(row.get("subject") or "")[:500],
        visible=asked.text,
        author=str(row.get("author") or row.get("requester_name") or ""),
        goes_on=any(one.at < asked.at for one in answers),
        answer=last.text if last else "",
        answered_at=last.at if last else None,
        resolution=str(row.get("resolution") or ("solved" if answers else "no_answer")),
        resolved_at=resolved,
        labels=[(resolved, label)] if label else [],
        taught_at=resolved if settled else None,
        minutes=_minutes(row, messages),
    )


def _resolved_at(row: Row) -> datetime | None:
    status, stats = row.get("status"), row.get("stats") or {}
    if "messages" in row:
        return _time(row.get("resolved_at"))
    if status in ZENDESK_RESOLVED or status in FRESHDESK_RESOLVED:
        return _time(
            row.get("solved_at") or stats.get("resolved_at") or stats.get("closed_at") or row.get("updated_at")
        )
    return None


def _messages(row: Row, comments: Iterable[Row]) -> Iterator[_Told]:
    for one in _rows(row.get("messages")):
        at = _time(one.get("at"))
        if at is not None:
            yield _Told(at, one.get("from") == "agent", bool(one.get("public", True)), str(one.get("text") or ""))
    known = list(comments)
    first = _time(row.get("created_at"))
    text = row.get("description_text") or row.get("description")
    if first is not None and text and not any(_is_first(one, row) for one in known):
        yield _Told(first, False, True, plain(str(text)).strip())
    for one in known:
        at = _time(one.get("created_at"))
        if at is not None:
            yield _Told(at, _is_ours(one, row), _is_public(one), _text(one))


def _is_first(comment: Row, ticket: Row) -> bool:
    """Zendesk tells a ticket's description once more as its first comment."""
    return _text(comment)[:200] == plain(str(ticket.get("description") or "")).strip()[:200]


def _is_ours(comment: Row, ticket: Row) -> bool:
    if "incoming" in comment:
        return not comment["incoming"]
    return comment.get("author_id") != ticket.get("requester_id")


def _is_public(comment: Row) -> bool:
    return bool(comment.get("public", not comment.get("private", False)))


def _text(comment: Row) -> str:
    given = comment.get("body_text") or comment.get("plain_body") or comment.get("body") or ""
    return plain(str(given)).strip()


def _label(row: Row, name: str) -> str:
    """Of the neutral format its `intent`; else the named field, `tag` (the first one), or a custom field by name or id."""
    if row.get("intent"):
        return str(row["intent"])
    if name == "tag":
        return str((row.get("tags") or [""])[0])
    custom = row.get("custom_fields") or {}
    if isinstance(custom, list):
        custom = {str(one.get("id")): one.get("value") for one in custom}
    found = row.get(name) or custom.get(name) or (row.get("ticket_type") if name == "type" else None)
    return str(found or "")


def _minutes(row: Row, messages: Iterable[_Told]) -> float:
    """As the desk reckons its own: so much for each answer and note, and a little for resolving it."""
    if row.get("minutes") is not None:
        return float(row["minutes"])
    ours = [MINUTES["message.queued" if one.is_public else "message.noted"] for one in messages if one.is_ours]
    return sum(ours) + MINUTES["ticket.resolved"]


def _article(row: Row) -> dict[str, Any] | None:
    """Published ones, with the time since when they were to be read; a draft is nothing to cite."""
    if row.get("draft") is True or ("folder_id" in row and row.get("status") != FRESHDESK_PUBLISHED):
        return None
    text = row.get("text") or row.get("description") or row.get("body") or row.get("description_text") or ""
    at = _time(row.get("published_at") or row.get("updated_at") or row.get("created_at"))
    title = str(row.get("title") or "").strip()
    if at is None or not title or not str(text).strip():
        return None
    return {
        "slug": str(row.get("slug") or slugify(title) or row.get("id")),
        "title": title[:200],
        "text": _as_markdown(str(text)),
        "language": str(row.get("language") or row.get("locale") or "en")[:2],
        "at": at.isoformat(),
    }


def _as_markdown(text: str) -> str:
    """HTML becomes lines: list items stay a list, so that steps are told whole."""
    if "<" not in text:
        return text
    text = re.sub(r"<li[^>]*>", "\n- ", text, flags=re.I)
    text = re.sub(r"<h[1-6][^>]*>", "\n\n## ", text, flags=re.I)
    text = re.sub(r"<(br|/p|/div|/h[1-6]|/ul|/ol)[^>]*>", "\n\n", text, flags=re.I)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"<[^>]+>", "", text)).strip()


def _time(given: Any) -> datetime | None:
    if not given:
        return None
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _rows(given: Any) -> list[Row]:
    return [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
