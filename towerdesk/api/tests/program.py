"""A program: a client that carries a key."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from towerdesk.accounts.keys import create_key
from towerdesk.lib.actor import CLOCK


@dataclass
class Program:
    secret: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        headers = {"Authorization": f"Bearer {self.secret}", **headers}
        sent = body if isinstance(body, (bytes, str)) else json.dumps(body) if body is not None else ""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client = Client(raise_request_exception=False)
        return client.generic(method, f"/api/v1{path}", sent, content_type="application/json", headers=named)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)


def program(role: str = "agent", *teams: Any) -> Program:
    key, secret = create_key(f"{role}'s program", role, by=CLOCK)
    key.teams.set(teams)
    return Program(secret)
