"""GitHub's issues, of github.com or a GitHub Enterprise Server.

REST (docs.github.com/rest/issues) with a token; webhooks (docs.github.com/webhooks) of the events issues and issue_comment,
signed in X-Hub-Signature-256. GitHub signs no time: the same delivery is known by its id, an older state by its time.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from towerdesk.connectors.contract import Account, NotDone
from towerdesk.connectors.trackers.calls import ask, moment, read
from towerdesk.connectors.trackers.contract import Asks, Call, CommentSaid, Draft, Heard, IssueSaid, State
from towerdesk.connectors.trackers.signatures import hub
from towerdesk.lib.errors import Invalid

WHO = "GitHub"
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
NUMBER = re.compile(r"(?:^|[#/])(\d{1,12})/?$")
NEWEST = 50


class GitHub:
    kind, title = "github", WHO
    asks: Sequence[Asks] = (
        Asks("repository", "Repository", "owner/name"),
        Asks("token", "Access token", "Fine-grained, for this repository, with Issues: read and write.", secret=True),
        Asks(
            "secret",
            "Webhook secret",
            "Any long word; the same one goes into GitHub's form.",
            secret=True,
            required=False,
        ),
        Asks("api", "Address of the API", "Another one for GitHub Enterprise Server.", first="https://api.github.com"),
    )
    steps = (
        "In the repository: Settings → Webhooks → Add webhook, content type application/json, the secret from here, and the "
        "events Issues and Issue comments."
    )

    def host(self, settings: Mapping[str, str]) -> str:
        if not REPOSITORY.fullmatch(settings.get("repository", "")):
            raise Invalid("Give the repository as owner/name.", {"repository": "For example brasswell/shop."})
        return host_of(settings.get("api", ""), "api")

    def check(self, account: Account) -> str:
        found = self._ask(account, "GET", "")
        if not found.get("has_issues", True):
            raise NotDone(f"{found['full_name']} has its issues switched off.")
        return f"{found['full_name']} answers, {found.get('open_issues_count', 0)} issues are open."

    def create(self, account: Account, draft: Draft) -> IssueSaid:
        said = {"title": draft.title, "body": f"{draft.body}\n\n<!-- {draft.mark} -->", "labels": list(draft.labels)}
        return self._issue(self._ask(account, "POST", "/issues", said), account.settings["repository"])

    def find(self, account: Account, mark: str) -> IssueSaid | None:
        """In the newest ones themselves: a search would know of it only later."""
        newest = self._ask(account, "GET", f"/issues?state=all&sort=created&direction=desc&per_page={NEWEST}")
        found = next((one for one in newest if mark in (one.get("body") or "")), None)
        return self._issue(found, account.settings["repository"]) if found else None

    def look(self, account: Account, remote: str) -> IssueSaid:
        return self._issue(self._ask(account, "GET", f"/issues/{remote}"), account.settings["repository"])

    def named(self, account: Account, typed: str) -> IssueSaid:
        found = NUMBER.search(typed.strip())
        if not found:
            raise NotDone("Give the number of the issue, or its address.")
        return self.look(account, found[1])

    def comments(self, account: Account, remote: str, since: datetime) -> Sequence[CommentSaid]:
        asked = f"/issues/{remote}/comments?per_page=100&since={since:%Y-%m-%dT%H:%M:%SZ}"
        return [self._comment(one, remote) for one in self._ask(account, "GET", asked)]

    def comment(self, account: Account, remote: str, text: str) -> CommentSaid:
        return self._comment(self._ask(account, "POST", f"/issues/{remote}/comments", {"body": text}), remote)

    def move(self, account: Account, remote: str, state: State) -> IssueSaid:
        reason = {"done": "completed", "dropped": "not_planned"}
        said = {"state": "open"} if state == "open" else {"state": "closed", "state_reason": reason[state]}
        return self._issue(self._ask(account, "PATCH", f"/issues/{remote}", said), account.settings["repository"])

    def verify(self, call: Call, account: Account) -> None:
        hub(call, "x-hub-signature-256", account.secrets.get("secret", ""))

    def hear(self, call: Call) -> Heard:
        told, about = read(call.body), call.headers.get("x-github-event", "")
        number = call.headers.get("x-github-delivery", "")
        if about not in ("issues", "issue_comment") or "pull_request" in told.get("issue", {}):
            return Heard(number, about or "nothing known")
        repository = told["repository"]["full_name"]
        issue = self._issue(told["issue"], repository)
        is_new = about == "issue_comment" and told["action"] == "created"
        comment = self._comment(told["comment"], issue.remote) if is_new else None
        return Heard(number, f"{about}.{told['action']}", issue, comment)

    def _ask(self, account: Account, method: str, path: str, said: Any = None) -> Any:
        url = f"{account.settings['api'].rstrip('/')}/repos/{account.settings['repository']}{path}"
        headers = {
            "Authorization": f"Bearer {account.secrets.get('token', '')}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "Towerdesk",
        }
        return ask(WHO, method, url, account, headers=headers, json_body=said)

    def _issue(self, said: dict[str, Any], repository: str) -> IssueSaid:
        reason = said.get("state_reason") or ""
        closed = said["state"] == "closed"
        fixed = reason in ("", "completed")
        return IssueSaid(
            remote=str(said["number"]),
            key=f"{repository}#{said['number']}",
            url=said["html_url"],
            title=said["title"],
            state=("done" if fixed else "dropped") if closed else "open",
            says=f"closed as {reason.replace('_', ' ')}" if closed and reason else said["state"],
            changed_at=moment(said["updated_at"]),
        )

    def _comment(self, said: dict[str, Any], issue: str) -> CommentSaid:
        author = (said.get("user") or {}).get("login", "somebody")
        return CommentSaid(issue, str(said["id"]), author, said.get("body") or "", moment(said["created_at"]))


def host_of(address: str, field: str) -> str:
    """With its port, if any; one `connectors.calling` holds the connection to."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("http", "https"):
        raise Invalid("The address must begin with https://.", {field: "For example https://api.github.com."})
    return f"{host}:{port}" if port else host
