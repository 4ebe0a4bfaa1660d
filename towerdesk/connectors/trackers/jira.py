"""Jira Cloud's issues.

REST v3 (developer.atlassian.com/cloud/jira/platform/rest/v3) with a mail address and an API token; webhooks that an administrator
made with a secret, signed in X-Hub-Signature. The body holds its time: what is older than an hour is refused.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from towerdesk.connectors.contract import Account, NotDone
from towerdesk.connectors.trackers.calls import ask, moment, read
from towerdesk.connectors.trackers.contract import Asks, Call, CommentSaid, Draft, Forged, Heard, IssueSaid, State
from towerdesk.connectors.trackers.document import document, text_of
from towerdesk.connectors.trackers.github import host_of
from towerdesk.connectors.trackers.signatures import hub
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid

WHO = "Jira"
KEY = re.compile(r"\b([A-Z][A-Z0-9_]{1,30}-\d{1,10})\b")
PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,30}")
FIXED = {"", "done", "fixed", "resolved", "complete", "completed"}
"""Resolutions that say that it works now; all others close it without that."""
OLDEST = timedelta(hours=1)
FIELDS = "summary,status,resolution,updated"


class Jira:
    kind, title = "jira", WHO
    asks: Sequence[Asks] = (
        Asks("site", "Address of the site", "https://NAME.atlassian.net"),
        Asks("project", "Project", "Its key, such as SHOP."),
        Asks("email", "Mail address", "Of the account that the token belongs to."),
        Asks("token", "API token", "From id.atlassian.com → Security → API tokens.", secret=True),
        Asks("type", "Type of issue", first="Bug"),
        Asks("secret", "Webhook secret", "The same one as in Jira's form.", secret=True, required=False),
    )
    steps = (
        "System → WebHooks → Create a WebHook, with the secret from here, and the events Issue: created, updated and Comment: "
        "created."
    )

    def host(self, settings: Mapping[str, str]) -> str:
        if not PROJECT.fullmatch(settings.get("project", "")):
            raise Invalid("Give the key of the project in capital letters.", {"project": "For example SHOP."})
        return host_of(settings.get("site", ""), "site")

    def check(self, account: Account) -> str:
        found = self._ask(account, "GET", f"project/{account.settings['project']}")
        types = [one["name"] for one in found.get("issueTypes", [])]
        wanted = account.settings.get("type") or "Bug"
        if types and wanted not in types:
            raise NotDone(f"{found['name']} has no issues of type {wanted}: choose one of {', '.join(types)}.")
        return f"{found['name']} ({found['key']}) answers."

    def create(self, account: Account, draft: Draft) -> IssueSaid:
        fields = {
            "project": {"key": account.settings["project"]},
            "issuetype": {"name": account.settings.get("type") or "Bug"},
            "summary": draft.title[:250],
            "description": document(draft.body),
            "labels": [*draft.labels, draft.mark],
        }
        made = self._ask(account, "POST", "issue", {"fields": fields})
        return self.look(account, made["key"])

    def find(self, account: Account, mark: str) -> IssueSaid | None:
        asked = {"jql": f'project = {account.settings["project"]} AND labels = "{mark}"', "maxResults": 1}
        found = self._ask(account, "POST", "search/jql", asked | {"fields": FIELDS.split(",")})
        issues = found.get("issues") or []
        return self._issue(issues[0], account.settings["site"]) if issues else None

    def look(self, account: Account, remote: str) -> IssueSaid:
        return self._issue(self._ask(account, "GET", f"issue/{remote}?fields={FIELDS}"), account.settings["site"])

    def named(self, account: Account, typed: str) -> IssueSaid:
        found = KEY.search(typed.upper())
        if not found:
            raise NotDone("Give the key of the issue, such as SHOP-41, or its address.")
        return self.look(account, found[1])

    def comments(self, account: Account, remote: str, since: datetime) -> Sequence[CommentSaid]:
        found = self._ask(account, "GET", f"issue/{remote}/comment?orderBy=-created&maxResults=50")
        said = [self._comment(one, remote) for one in found.get("comments", [])]
        return [one for one in reversed(said) if one.at >= since]

    def comment(self, account: Account, remote: str, text: str) -> CommentSaid:
        return self._comment(self._ask(account, "POST", f"issue/{remote}/comment", {"body": document(text)}), remote)

    def move(self, account: Account, remote: str, state: State) -> IssueSaid:
        """Each project has its own transitions: one that leads to a status of the right category is taken."""
        before = self.look(account, remote)
        if (before.state == "open") == (state == "open"):
            return before
        wanted = ("new", "indeterminate") if state == "open" else ("done",)
        offered = self._ask(account, "GET", f"issue/{remote}/transitions").get("transitions", [])
        fits = [one for one in offered if one["to"]["statusCategory"]["key"] in wanted]
        if not fits:
            raise NotDone(f"Jira offers no step that {'opens' if state == 'open' else 'closes'} {remote}: do it there.")
        self._ask(account, "POST", f"issue/{remote}/transitions", {"transition": {"id": fits[0]["id"]}})
        return self.look(account, remote)

    def verify(self, call: Call, account: Account) -> None:
        hub(call, "x-hub-signature", account.secrets.get("secret", ""))
        try:
            at = datetime.fromtimestamp(float(read(call.body)["timestamp"]) / 1000, UTC)
        except (ValueError, KeyError, TypeError, OverflowError, OSError):
            raise Forged("it does not say when it was sent") from None
        if not now() - OLDEST < at < now() + OLDEST:
            raise Forged("it was sent too long ago, or the clocks differ")

    def hear(self, call: Call) -> Heard:
        told = read(call.body)
        number, about = call.headers.get("x-atlassian-webhook-identifier", ""), str(told.get("webhookEvent", ""))
        if about not in ("jira:issue_created", "jira:issue_updated", "comment_created"):
            return Heard(number, about or "nothing known")
        said = told["issue"]
        site = said["self"].partition("/rest/")[0]
        comment = self._comment(told["comment"], said["key"]) if about == "comment_created" else None
        complete = "updated" in said.get("fields", {})  # a comment's event tells less of its issue
        return Heard(number, about, self._issue(said, site) if complete else None, comment)

    def _ask(self, account: Account, method: str, path: str, said: Any = None) -> Any:
        key = base64.b64encode(f"{account.settings['email']}:{account.secrets.get('token', '')}".encode()).decode()
        headers = {"Authorization": f"Basic {key}", "Accept": "application/json"}
        url = f"{account.settings['site'].rstrip('/')}/rest/api/3/{path}"
        return ask(WHO, method, url, account, headers=headers, json_body=said)

    def _issue(self, said: dict[str, Any], site: str) -> IssueSaid:
        fields = said["fields"]
        resolution = (fields.get("resolution") or {}).get("name", "")
        closed = fields["status"]["statusCategory"]["key"] == "done"
        status = fields["status"]["name"]
        return IssueSaid(
            remote=said["key"],
            key=said["key"],
            url=f"{site.rstrip('/')}/browse/{said['key']}",
            title=fields["summary"],
            state=("done" if resolution.lower() in FIXED else "dropped") if closed else "open",
            says=f"{status}, {resolution}" if closed and resolution and resolution != status else status,
            changed_at=moment(fields["updated"]),
        )

    def _comment(self, said: dict[str, Any], issue: str) -> CommentSaid:
        author, body = (said.get("author") or {}).get("displayName", "somebody"), said.get("body") or ""
        text = body if isinstance(body, str) else text_of(body)
        return CommentSaid(issue, str(said["id"]), author, text, moment(said["created"]))
