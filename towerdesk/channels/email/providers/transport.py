"""anymail speaks by `requests`; here that goes out by the desk's one guarded client, and each answer is judged at once."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from towerdesk.channels import calling
from towerdesk.channels.contract import Account
from towerdesk.lib.ask import Said
from towerdesk.lib.text import one_line

NOT_PASSED_ON = ("content-length", "connection", "accept-encoding", "host")


def session(who: str, account: Account) -> requests.Session:
    """Everything but 2xx raises `NotSent` or `FateUnknown` out of the call, before anymail makes something else of it."""
    made = requests.Session()
    made.trust_env = False
    made.mount("https://", _Guarded(who, account))
    made.mount("http://", _Guarded(who, account))
    return made


class _Guarded(BaseAdapter):
    def __init__(self, who: str, account: Account) -> None:
        super().__init__()
        self.who, self.account = who, account

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body or b""
        headers = {name: _text(value) for name, value in request.headers.items() if name.lower() not in NOT_PASSED_ON}
        if not isinstance(body, str | bytes):
            raise TypeError("Only whole bodies leave by this way.")
        content = body.encode() if isinstance(body, str) else body
        said = calling.post(self.who, request.url or "", self.account, content=content, headers=headers)
        calling.judge(self.who, said, why(said), refused=(401, 403))
        return _response(request, said)

    def close(self) -> None:
        """Each call has a connection of its own."""


def why(said: Said) -> str:
    """What the provider says against it, wherever it says so."""
    told: Mapping[str, Any] = said.json()
    errors = told.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    found = next((one for one in (told.get("message"), told.get("Message"), first.get("message")) if one), "")
    return one_line(str(found), 200)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _response(request: requests.PreparedRequest, said: Said) -> requests.Response:
    response = requests.Response()
    response.status_code = said.status
    response.headers = CaseInsensitiveDict(said.headers)
    response.raw = BytesIO(said.body)
    response.request, response.url = request, request.url or ""
    return response
