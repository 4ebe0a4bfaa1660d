"""Three issue trackers on loopback that behave as GitHub, GitLab and Jira document it: the calls that we make, and theirs.

Beside each stand the calls that it makes at our door, signed with the secret that both know.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from standardwebhooks.webhooks import Webhook

from towerdesk.channels.fake_server import Asked, FakeServer, Says, says

TOKEN, SECRET = "token-of-the-desk", "a long secret word"
SIGNING = base64.b64encode(b"thirty-two bytes of signing key!").decode()


class FakeTracker(FakeServer):
    def __init__(self):
        super().__init__()
        self.issues, self.notes, self.number, self.delivery = {}, {}, 0, 0
        self.at = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)

    def tick(self):
        self.at += timedelta(minutes=1)
        return self.at

    def said(self, path, *, method=None):
        return [one for one in self.asked if path in one.path and method in (None, one.method)]


class FakeGitHub(FakeTracker):
    kind = "github"
    repository = "brasswell/shop"

    @property
    def given(self):
        return {"repository": self.repository, "token": TOKEN, "secret": SECRET, "api": self.url}

    def respond(self, asked: Asked) -> Says:
        base = f"/repos/{self.repository}"
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return says({"message": "Bad credentials"}, 401)
        path = asked.path.removeprefix(base)
        match (asked.method, path.strip("/").split("/")):
            case ("GET", [""]):
                return says({"full_name": self.repository, "has_issues": True, "open_issues_count": len(self.issues)})
            case ("POST", ["issues"]):
                return says(self.open_issue(**asked.json()), 201)
            case ("GET", ["issues"]):
                return says(sorted(self.issues.values(), key=lambda one: -one["number"]))
            case ("GET", ["issues", number]):
                return says(self.issues[number]) if number in self.issues else says({"message": "Not Found"}, 404)
            case ("PATCH", ["issues", number]):
                return says(self.set_state(number, **asked.json()))
            case ("GET", ["issues", number, "comments"]):
                return says([one for one in self.notes.get(number, []) if one["created_at"] >= asked.query["since"]])
            case ("POST", ["issues", number, "comments"]):
                return says(self.note(number, asked.json()["body"], "towerdesk-bot"), 201)
        return says({"message": "Not Found"}, 404)

    def open_issue(self, title="Checkout fails", body="", labels=()):
        self.number += 1
        number = str(self.number)
        self.issues[number] = {
            "id": 9000 + self.number, "number": self.number, "title": title, "body": body, "state": "open",
            "state_reason": None, "html_url": f"https://github.example/{self.repository}/issues/{number}",
            "updated_at": self._now(), "labels": [{"name": one} for one in labels],
        }  # fmt: skip
        return self.issues[number]

    def set_state(self, number, state, state_reason=None):
        self.issues[number] |= {"state": state, "state_reason": state_reason, "updated_at": self._now()}
        return self.issues[number]

    def note(self, number, text, who="rosa"):
        self.notes.setdefault(number, []).append(
            {
                "id": 70000 + self.number * 100 + len(self.notes.get(number, [])),
                "body": text,
                "user": {"login": who},
                "created_at": self._now(),
            }
        )
        return self.notes[number][-1]

    def hook(self, event, action, number, comment=None, *, secret=SECRET, delivery=None):
        """Headers and body of a call at our door."""
        self.delivery += 1
        told = {"action": action, "issue": self.issues[number], "repository": {"full_name": self.repository}}
        body = json.dumps(told | ({"comment": comment} if comment else {})).encode()
        return {
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": delivery or f"72d3162e-cc78-11e3-81ab-{self.delivery:012}",
            "X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
        }, body

    def close(self, number, reason="completed"):
        self.set_state(number, "closed", reason)
        return self.hook("issues", "closed", number)

    def reopen(self, number):
        self.set_state(number, "open", "reopened")
        return self.hook("issues", "reopened", number)

    def comments(self, number, text):
        return self.hook("issue_comment", "created", number, self.note(number, text))

    def texts(self, number):
        return [one["body"] for one in self.notes.get(number, [])]

    def _now(self):
        return f"{self.tick():%Y-%m-%dT%H:%M:%SZ}"


class FakeGitLab(FakeTracker):
    kind = "gitlab"
    project = "brasswell/shop"

    @property
    def given(self):
        return {"project": self.project, "token": TOKEN, "secret": SIGNING, "api": self.url}

    def respond(self, asked: Asked) -> Says:
        base = f"/api/v4/projects/{self.project}"
        if asked.headers.get("private-token") != TOKEN:
            return says({"message": "401 Unauthorized"}, 401)
        path = unquote(asked.path).removeprefix(base)
        match (asked.method, path.strip("/").split("/")):
            case ("GET", [""]):
                return says({"path_with_namespace": self.project, "open_issues_count": len(self.issues)})
            case ("POST", ["issues"]):
                return says(self.open_issue(**asked.json()), 201)
            case ("GET", ["issues"]):
                return says(sorted(self.issues.values(), key=lambda one: -one["iid"]))
            case ("GET", ["issues", number]):
                return says(self.issues[number]) if number in self.issues else says({"message": "404 Not found"}, 404)
            case ("PUT", ["issues", number]):
                return says(self.set_state(number, asked.json()["state_event"]))
            case ("GET", ["issues", number, "notes"]):
                return says(self.notes.get(number, [])[::-1])
            case ("POST", ["issues", number, "notes"]):
                return says(self.note(number, asked.json()["body"], "Towerdesk"), 201)
        return says({"error": "404 Not Found"}, 404)

    def open_issue(self, title="Checkout fails", description="", labels=""):
        self.number += 1
        number = str(self.number)
        self.issues[number] = {
            "id": 9000 + self.number, "iid": self.number, "title": title, "description": description, "state": "opened",
            "labels": [one for one in labels.split(",") if one], "updated_at": self._now(),
            "web_url": f"https://gitlab.example/{self.project}/-/issues/{number}",
            "references": {"short": f"#{number}", "full": f"{self.project}#{number}"},
        }  # fmt: skip
        return self.issues[number]

    def set_state(self, number, event):
        state = "closed" if event == "close" else "opened"
        self.issues[number] |= {"state": state, "updated_at": self._now()}
        return self.issues[number]

    def note(self, number, text, who="Rosa Diaz"):
        one = {"id": 70000 + self.number * 100 + len(self.notes.get(number, [])), "body": text, "author": {"name": who}}
        self.notes.setdefault(number, []).append(one | {"created_at": self._now(), "system": False})
        return self.notes[number][-1]

    def hook(self, about, attributes, number, *, secret=SIGNING, delivery=None, at=None):
        self.delivery += 1
        key = delivery or f"msg-{self.delivery}"
        at = at or datetime.now(UTC)
        project = {"path_with_namespace": self.project, "web_url": f"https://gitlab.example/{self.project}"}
        told = {
            "object_kind": about,
            "user": {"name": "Rosa Diaz"},
            "project": project,
            "object_attributes": attributes,
        }
        if about == "note":
            told["issue"] = {name: value for name, value in self.issues[number].items() if name != "references"} | {
                "labels": []
            }
        body = json.dumps(told).encode()
        return {
            "X-Gitlab-Event": "Issue Hook",
            "Idempotency-Key": key,
            "webhook-id": key,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(key, at, body.decode()),
        }, body

    def _attributes(self, number, action):
        one = self.issues[number]
        labels = [{"title": name} for name in one["labels"]]
        kept = {name: one[name] for name in ("id", "iid", "title", "description", "state", "updated_at")}
        return kept | {"labels": labels, "action": action, "url": one["web_url"]}

    def close(self, number, reason="completed"):
        self.issues[number]["labels"] = [] if reason == "completed" else ["wontfix"]
        self.set_state(number, "close")
        return self.hook("issue", self._attributes(number, "close"), number)

    def reopen(self, number):
        self.set_state(number, "reopen")
        return self.hook("issue", self._attributes(number, "reopen"), number)

    def comments(self, number, text):
        note = self.note(number, text)
        said = {
            "id": note["id"],
            "note": text,
            "noteable_type": "Issue",
            "created_at": note["created_at"],
            "system": False,
        }
        return self.hook("note", said, number)

    def texts(self, number):
        return [one["body"] for one in self.notes.get(number, [])]

    def _now(self):
        return f"{self.tick():%Y-%m-%dT%H:%M:%S.000Z}"


class FakeJira(FakeTracker):
    kind = "jira"
    project = "SHOP"
    offered = (("11", "To Do", "new"), ("21", "In Progress", "indeterminate"), ("31", "Done", "done"))

    @property
    def given(self):
        return {
            "site": self.url,
            "project": self.project,
            "email": "ana@brasswell.example",
            "token": TOKEN,
            "secret": SECRET,
        }

    def respond(self, asked: Asked) -> Says:
        key = base64.b64encode(f"ana@brasswell.example:{TOKEN}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {key}":
            return says({"errorMessages": ["You are not authenticated."]}, 401)
        match (asked.method, asked.path.removeprefix("/rest/api/3/").split("/")):
            case ("GET", ["project", _]):
                return says({"key": self.project, "name": "Shop", "issueTypes": [{"name": "Bug"}, {"name": "Task"}]})
            case ("POST", ["issue"]):
                made = self.open_issue(**asked.json()["fields"])
                return says({"id": made["id"], "key": made["key"], "self": made["self"]}, 201)
            case ("POST", ["search", "jql"]):
                label = re.search(r'labels = "([^"]+)"', asked.json()["jql"])[1]
                return says({"issues": [one for one in self.issues.values() if label in one["fields"]["labels"]][:1]})
            case ("GET", ["issue", number]):
                found = self.issues.get(number)
                return says(found) if found else says({"errorMessages": ["Issue does not exist"]}, 404)
            case ("GET", ["issue", number, "transitions"]):
                return says(
                    {
                        "transitions": [
                            {"id": one, "name": name, "to": self._status(name, kind)}
                            for one, name, kind in self.offered
                        ]
                    }
                )
            case ("POST", ["issue", number, "transitions"]):
                self._move(number, asked.json()["transition"]["id"])
                return Says(204)
            case ("GET", ["issue", number, "comment"]):
                return says({"comments": self.notes.get(number, [])[::-1]})
            case ("POST", ["issue", number, "comment"]):
                return says(self.note(number, asked.json()["body"], "Towerdesk"), 201)
        return says({"errorMessages": ["Not found"]}, 404)

    def open_issue(self, summary="Checkout fails", description=None, labels=(), **more):
        self.number += 1
        key = f"{self.project}-{self.number}"
        self.issues[key] = {
            "id": str(9000 + self.number), "key": key, "self": f"{self.url}/rest/api/3/issue/{9000 + self.number}",
            "fields": {
                "summary": summary, "description": description, "labels": list(labels), "resolution": None,
                "status": self._status("To Do", "new"), "updated": self._now(),
            },
        }  # fmt: skip
        return self.issues[key]

    def _status(self, name, kind):
        return {"name": name, "statusCategory": {"key": kind}}

    def _move(self, number, transition, resolution="Done"):
        _, name, kind = next(one for one in self.offered if one[0] == transition)
        done = {"name": resolution} if kind == "done" else None
        self.issues[number]["fields"] |= {
            "status": self._status(name, kind),
            "resolution": done,
            "updated": self._now(),
        }

    def note(self, number, text, who="Rosa Diaz"):
        body = (
            text
            if isinstance(text, dict)
            else {
                "type": "doc",
                "version": 1,
                "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}],
            }
        )
        one = {"id": str(70000 + len(self.notes.get(number, []))), "body": body, "author": {"displayName": who}}
        self.notes.setdefault(number, []).append(one | {"created": self._now()})
        return self.notes[number][-1]

    def hook(self, event, number, comment=None, *, secret=SECRET, delivery=None, at=None):
        self.delivery += 1
        sent = at.timestamp() if at else time.time()
        told = {"timestamp": int(sent * 1000), "webhookEvent": event, "issue": self.issues[number]}
        body = json.dumps(told | ({"comment": comment} if comment else {})).encode()
        return {
            "X-Atlassian-Webhook-Identifier": delivery or f"id-{self.delivery}",
            "X-Hub-Signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
        }, body

    def close(self, number, reason="completed"):
        self._move(number, "31", "Done" if reason == "completed" else "Won't Do")
        return self.hook("jira:issue_updated", number)

    def reopen(self, number):
        self._move(number, "11")
        return self.hook("jira:issue_updated", number)

    def comments(self, number, text):
        return self.hook("comment_created", number, self.note(number, text))

    def texts(self, number):
        return [json.dumps(one["body"]) for one in self.notes.get(number, [])]

    def _now(self):
        return f"{self.tick():%Y-%m-%dT%H:%M:%S.000}+0000"


FAKES = {one.kind: one for one in (FakeGitHub, FakeGitLab, FakeJira)}
