"""Calls of the Bot API. The token is part of every address, so addresses are never shown, logged or raised."""

from collections.abc import Sequence
from typing import Any

from towerdesk.channels import calling
from towerdesk.channels.calling import Upload
from towerdesk.channels.contract import Account, FateUnknown, NotFetched, NotSent
from towerdesk.lib.ask import Said
from towerdesk.lib.errors import Invalid, Unavailable

WHO = "Telegram"
SERVER = "https://api.telegram.org"
MOST = 20 * 2**20  # bytes that a bot may download


def ask(account: Account, method: str, files: Sequence[tuple[str, Upload]] = (), **values: Any) -> Any:
    """The `result` of a method. Raises `NotSent` or `FateUnknown`; a method that changes nothing has no other fate."""
    url = f"{_server(account)}/bot{account.get('token')}/{method}"
    if files:
        said = calling.post(WHO, url, account, form={name: str(value) for name, value in values.items()}, files=files)
    else:
        said = calling.post(WHO, url, account, json=values)
    told = said.json()
    if told.get("ok") is True:
        return told.get("result")
    _refused(said, told)
    raise FateUnknown(f"{WHO} answered something that can't be read ({said.status}).")


def _refused(said: Said, told: dict[str, Any]) -> None:
    """Raises unless the answer is a success. A wait is told in the body, and in a header only sometimes."""
    wait = (told.get("parameters") or {}).get("retry_after")
    if said.status == 429 and isinstance(wait, int | float):
        raise NotSent(f"{WHO} asks for patience ({wait} seconds).", later=True, after=float(wait))
    calling.judge(WHO, said, str(told.get("description", ""))[:200], refused=(401, 404))


def fetch(account: Account, ref: str) -> bytes:
    """Raises `NotFetched`."""
    try:
        path = ask(account, "getFile", file_id=ref)["file_path"]
    except NotSent as error:
        raise NotFetched(str(error).rstrip("."), later=error.later) from None
    except (FateUnknown, KeyError, TypeError):
        raise NotFetched(f"{WHO} did not say where it is", later=True) from None
    url = f"{_server(account)}/file/bot{account.get('token')}/{path}"
    return calling.fetch(WHO, url, account, most=MOST).body


def introduce(account: Account, kinds: Sequence[str]) -> str:
    """The bot's name. Raises `Invalid` for a bad token and `Unavailable` when Telegram can't be asked."""
    try:
        name = ask(account, "getMe")["username"]
        ask(account, "setWebhook", url=account.hook, secret_token=account.get("secret"), allowed_updates=list(kinds))
    except NotSent as error:
        raise (Unavailable if error.later and not error.trouble else Invalid)(str(error)) from None
    except (FateUnknown, KeyError, TypeError) as error:
        raise Unavailable(f"{WHO} did not answer as it should: try again.") from error
    return str(name)


def _server(account: Account) -> str:
    return (account.get("server") or SERVER).rstrip("/")
