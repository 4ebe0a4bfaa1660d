"""GitLab's issues, of gitlab.com or one's own GitLab.

REST (docs.gitlab.com/api/issues, /api/notes) with a token; webhooks of issue and comment events. A signing token signs id,
time and body (Standard Webhooks); the older secret token is only sent along, in X-Gitlab-Token.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from towerdesk.connectors.contract import Account, NotDone
from towerdesk.connectors.trackers.calls import ask, moment, read
from towerdesk.connectors.trackers.contract import Asks, Call, CommentSaid, Draft, Forged, Heard, IssueSaid, State
from towerdesk.connectors.trackers.github import host_of
from towerdesk.connectors.trackers.signatures import standard
from towerdesk.lib.errors import Invalid
from towerdesk.lib.ids import equal

WHO = "GitLab"
NUMBER = re.compile(r"(?:^|[#/])(\d{1,12})/?$")
NOT_A_FIX = {"wontfix", "won't fix", "duplicate", "invalid", "not a bug", "cannot reproduce"}
"""GitLab closes without saying why: a label of these says that it is not fixed."""
NEWEST = 50


class GitLab:
    kind, title = "gitlab", WHO
    asks: Sequence[Asks] = (
        Asks("project", "Project", "group/name"),
        Asks("token", "Access token", "Of the project, role Reporter or higher, with the scope api.", secret=True),
        Asks(
            "secret", "Signing token or secret token", "The same one as in GitLab's form.", secret=True, required=False
        ),
        Asks("api", "Address of GitLab", "Another one for your own GitLab.", first="https://gitlab.com"),
    )
    steps = (
        "In the project: Settings → Webhooks → Add new webhook, with a signing token (or, before GitLab 19, a secret token), "
        "and the triggers Issues events and Comments."
    )

    def host(self, settings: Mapping[str, str]) -> str:
        if "/" not in settings.get("project", "").strip("/"):
            raise Invalid("Give the project as group/name.", {"project": "For example brasswell/shop."})
        return host_of(settings.get("api", ""), "api")

    def check(self, account: Account) -> str:
        found = self._ask(account, "GET", "")
        return f"{found['path_with_namespace']} answers, {found.get('open_issues_count', 0)} issues are open."

    def create(self, account: Account, draft: Draft) -> IssueSaid:
        text = f"{draft.body}\n\n<!-- {draft.mark} -->"
        said = {"title": draft.title, "description": text, "labels": ",".join(draft.labels)}
        return self._issue(self._ask(account, "POST", "/issues", said))

    def find(self, account: Account, mark: str) -> IssueSaid | None:
        newest = self._ask(account, "GET", f"/issues?scope=all&order_by=created_at&sort=desc&per_page={NEWEST}")
        found = next((one for one in newest if mark in (one.get("description") or "")), None)
        return self._issue(found) if found else None

    def look(self, account: Account, remote: str) -> IssueSaid:
        return self._issue(self._ask(account, "GET", f"/issues/{remote}"))

    def named(self, account: Account, typed: str) -> IssueSaid:
        found = NUMBER.search(typed.strip())
        if not found:
            raise NotDone("Give the number of the issue, or its address.")
        return self.look(account, found[1])

    def comments(self, account: Account, remote: str, since: datetime) -> Sequence[CommentSaid]:
        newest = self._ask(account, "GET", f"/issues/{remote}/notes?order_by=created_at&sort=desc&per_page=50")
        said = [self._comment(one, remote) for one in newest if not one.get("system")]
        return [one for one in reversed(said) if one.at >= since]

    def comment(self, account: Account, remote: str, text: str) -> CommentSaid:
        return self._comment(self._ask(account, "POST", f"/issues/{remote}/notes", {"body": text}), remote)

    def move(self, account: Account, remote: str, state: State) -> IssueSaid:
        said = {"state_event": "reopen" if state == "open" else "close"}
        return self._issue(self._ask(account, "PUT", f"/issues/{remote}", said))

    def verify(self, call: Call, account: Account) -> None:
        secret = account.secrets.get("secret", "")
        if not secret:
            raise Forged("no signing token is set here")
        if "webhook-signature" in call.headers:
            standard(call, secret)
        elif not equal(call.headers.get("x-gitlab-token", ""), secret):
            raise Forged("the secret token does not fit")

    def hear(self, call: Call) -> Heard:
        told, headers = read(call.body), call.headers
        number = headers.get("webhook-id") or headers.get("idempotency-key") or headers.get("x-gitlab-event-uuid", "")
        about, said = str(told.get("object_kind", "")), told.get("object_attributes") or {}
        if about == "issue":
            return Heard(number, f"issue.{said.get('action', 'update')}", self._issue(self._as_rest(said, told)))
        if about == "note" and said.get("noteable_type") == "Issue" and not said.get("system"):
            issue = self._issue(self._as_rest(told["issue"], told))
            note = {**said, "body": said["note"], "author": told.get("user") or {}}
            return Heard(number, "note", issue, self._comment(note, issue.remote))
        return Heard(number, about or "nothing known")

    def _as_rest(self, said: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        """A webhook tells an issue a little differently than the API."""
        base = told["project"]["web_url"]
        labels = [one["title"] for one in said.get("labels") or told.get("labels") or []]
        url = said.get("url") if "/issues/" in str(said.get("url")) else f"{base}/-/issues/{said['iid']}"
        full = {"full": f"{told['project']['path_with_namespace']}#{said['iid']}"}
        return {**said, "web_url": url, "labels": labels, "references": full}

    def _ask(self, account: Account, method: str, path: str, said: Any = None) -> Any:
        project = quote(account.settings["project"].strip("/"), safe="")
        url = f"{account.settings['api'].rstrip('/')}/api/v4/projects/{project}{path}"
        headers = {"PRIVATE-TOKEN": account.secrets.get("token", ""), "User-Agent": "Towerdesk"}
        return ask(WHO, method, url, account, headers=headers, json_body=said)

    def _issue(self, said: dict[str, Any]) -> IssueSaid:
        labels = [str(one) for one in said.get("labels") or []]
        why = next((one for one in labels if one.lower() in NOT_A_FIX), "")
        closed = said["state"] == "closed"
        return IssueSaid(
            remote=str(said["iid"]),
            key=said["references"]["full"],
            url=said["web_url"],
            title=said["title"],
            state=("dropped" if why else "done") if closed else "open",
            says=f"closed, {why}" if closed and why else said["state"],
            changed_at=_moment(said["updated_at"]),
        )

    def _comment(self, said: dict[str, Any], issue: str) -> CommentSaid:
        author = (said.get("author") or {}).get("name", "somebody")
        return CommentSaid(issue, str(said["id"]), author, said.get("body") or "", _moment(said["created_at"]))


def _moment(said: Any) -> datetime:
    """Older GitLabs write `2013-12-03 17:23:34 UTC` in webhooks."""
    return moment(str(said).replace(" UTC", "+00:00"))
