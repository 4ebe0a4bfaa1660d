"""Calls of the Graph API, with the access token in a header."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from towerdesk.channels import calling
from towerdesk.channels.calling import Upload
from towerdesk.channels.contract import Account, NotFetched
from towerdesk.channels.meta.errors import Codes
from towerdesk.lib.ask import Said
from towerdesk.lib.errors import Invalid, Unavailable

MEDIA = re.compile(r"(.+\.)?(fbsbx\.com|facebook\.com|fbcdn\.net|whatsapp\.net|cdninstagram\.com)")
"""Hosts that Meta keeps media on: the token goes to no other, whatever an answer names."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The API as one channel sees it: what people call the provider, where it is unless the account says so, its errors."""

    who: str
    server: str
    codes: Codes

    def post(
        self,
        account: Account,
        path: str,
        *,
        json: Any = None,
        form: dict[str, str] | None = None,
        files: Sequence[tuple[str, Upload]] = (),
    ) -> Said:
        """Raises `NotSent` or `FateUnknown`."""
        url = f"{self._server(account)}/{path}"
        said = calling.post(self.who, url, account, json=json, form=form, files=files, headers=_token(account))
        self._judge(said)
        return said

    def ask(self, account: Account, path: str) -> dict[str, Any]:
        """Raises `NotFetched`."""
        return self._fetch(f"{self._server(account)}/{path}", account).json()

    def about(self, account: Account, path: str) -> dict[str, Any]:
        """What can be done without. Raises `NotFetched`."""
        url = f"{self._server(account)}/{path}"
        return calling.fetch(self.who, url, account, headers=_token(account)).json()

    def file(self, account: Account, url: str) -> Said:
        """Of one of Meta's hosts. Raises `NotFetched`."""
        if not self._is_metas(url, account):
            raise NotFetched(f"{self.who} says that it is on a host that is not Meta's", later=False)
        return self._fetch(url, account)

    def introduced(self, account: Account, path: str) -> dict[str, Any]:
        """Raises `Invalid` for a bad account and `Unavailable` when Meta can't be asked."""
        try:
            return self.about(account, path)
        except NotFetched as error:
            told = str(error)
            raise (Unavailable if error.later else Invalid)(f"{told[0].upper()}{told[1:]}.") from None

    def _fetch(self, url: str, account: Account) -> Said:
        """A token that is refused may be a better one soon, so what it could not get is asked for again."""
        try:
            return calling.fetch(self.who, url, account, headers=_token(account))
        except NotFetched as error:
            refused = any(f"({status})" in str(error) for status in (401, 403))
            raise NotFetched(str(error), later=error.later or refused) from None

    def _judge(self, said: Said) -> None:
        error = said.json().get("error")
        if isinstance(error, dict):
            known = self.codes.not_sent(error)
            if known:
                raise known
            why = str((error.get("error_data") or {}).get("details") or error.get("message"))
            calling.judge(self.who, said, why[:200])
        calling.judge(self.who, said)

    def _is_metas(self, url: str, account: Account) -> bool:
        parts = urlsplit(url)
        own = urlsplit(self._server(account))
        if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
            return True
        return parts.scheme == "https" and bool(MEDIA.fullmatch(parts.hostname or ""))

    def _server(self, account: Account) -> str:
        return (account.get("server") or self.server).rstrip("/")


def _token(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.get('token')}"}
