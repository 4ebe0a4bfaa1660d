"""Calls about one number: send, upload, fetch."""

from typing import Any

from towerdesk.channels import calling
from towerdesk.channels.calling import Upload
from towerdesk.channels.contract import Account, FateUnknown, NotFetched, NotSent
from towerdesk.channels.meta.graph import Graph
from towerdesk.channels.whatsapp.errors import CODES
from towerdesk.lib.errors import Invalid

WHO = "WhatsApp"
SERVER = "https://graph.facebook.com/v24.0"
GRAPH = Graph(WHO, SERVER, CODES)


def send(account: Account, values: dict[str, Any]) -> str:
    """The provider's id of the message. Raises `NotSent` or `FateUnknown`."""
    said = GRAPH.post(account, f"{account.get('number')}/messages", json={"messaging_product": "whatsapp", **values})
    try:
        return str(said.json()["messages"][0]["id"])
    except (KeyError, IndexError, TypeError):
        raise FateUnknown(f"{WHO} answered something that can't be read ({said.status}).") from None


def upload(account: Account, file: Upload) -> str:
    """The id of a file that can then be sent. Nobody has seen it yet, so that its fate is never in doubt."""
    form = {"messaging_product": "whatsapp", "type": file[2]}
    try:
        said = GRAPH.post(account, f"{account.get('number')}/media", form=form, files=[("file", file)])
        return str(said.json()["id"])
    except (FateUnknown, KeyError) as error:
        raise NotSent(f"{WHO} did not take the file {file[0]} ({error}).", later=True) from None


def fetch(account: Account, ref: str) -> bytes:
    """Raises `NotFetched`. The address of a file is good for five minutes."""
    told = GRAPH.ask(account, f"{ref}?phone_number_id={account.get('number')}")
    url, size = str(told.get("url") or ""), told.get("file_size")
    if isinstance(size, int | str) and int(size or 0) > calling.MOST_FETCHED:
        raise NotFetched(f"it has more than {calling.MOST_FETCHED // 2**20} MB", later=False)
    return GRAPH.file(account, url).body


def introduce(account: Account) -> str:
    """The number and its name. Raises `Invalid` for a bad account and `Unavailable` when Meta can't be asked."""
    said = GRAPH.introduced(account, f"{account.get('number')}?fields=display_phone_number,verified_name")
    if not said.get("display_phone_number"):
        raise Invalid("This is no number's id: it is shown under WhatsApp → API Setup at Meta.")
    return f"{said['display_phone_number']}, {said.get('verified_name') or 'without a name yet'}"
