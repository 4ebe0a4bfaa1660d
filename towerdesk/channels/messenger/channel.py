"""Messenger as a channel: a page's talks, and its comments in public."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from towerdesk.channels.calling import Upload
from towerdesk.channels.contract import Account, FateUnknown, NotSent, Outgoing
from towerdesk.channels.doors import Field, Step
from towerdesk.channels.messenger.comments import change
from towerdesk.channels.meta.errors import Codes
from towerdesk.channels.meta.errors_of_talks import BROKEN, FINAL, PATIENCE
from towerdesk.channels.meta.graph import Graph
from towerdesk.channels.meta.read import MARK, PART, Talk
from towerdesk.channels.meta.talking import HUMAN, SECRET, TOKEN, VERIFY, Talking, id_in

WHO = "Messenger"
SERVER = "https://graph.facebook.com/v24.0"
LISTENS = (
    "messages,message_edits,message_reactions,message_echoes,message_deliveries,message_reads,messaging_postbacks,"
    "messaging_handovers,messaging_policy_enforcement,standby,feed"
)
PERMISSIONS = (
    "pages_messaging, pages_manage_metadata, pages_read_engagement, pages_read_user_content, pages_manage_engagement"
)


class MessengerChannel(Talking):
    name = "messenger"
    identity = "messenger"
    title = "Messenger"
    whose = "page"
    talk = Talk(WHO, "messenger", "page", change)
    graph = Graph(WHO, SERVER, Codes(WHO, FINAL, patience=PATIENCE, broken=BROKEN))
    listens = LISTENS
    longest, longest_comment = 2000, 8000
    name_fields = "first_name,last_name,name"
    fields: Sequence[Field] = (
        Field("page", "Page ID", "A number; shown under About → Page transparency."),
        TOKEN,
        SECRET,
        VERIFY,
        HUMAN,
        Field("server", "Graph API address", f"Only to change the version; empty: {SERVER}.", needed=False),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("At developers.facebook.com make an app of the type Business and add Messenger to it."),
            Step("Make a page access token, by a system user so that it has no end, with these.", PERMISSIONS),
            Step(
                "Enter page ID, token and app secret here and connect: the app is then told of what happens on the page."
            ),
            Step("Under Messenger → Settings edit the callback. Callback URL:", account.hook),
            Step("Verify token:", account.get("verify")),
            Step("There, subscribe to these fields; without feed comments do not come.", LISTENS.replace(",", " ")),
            Step("Write to the page from another account: the message is here within seconds."),
        )

    def introduce(self, account: Account) -> str:
        told = self.introduced(account, "name")
        return f"Connected to the page {told.get('name') or account.get('page')}. Now follow the steps at Meta."

    def _name(self, told: Mapping[str, Any]) -> str:
        whole = " ".join(str(told[part]) for part in ("first_name", "last_name") if told.get(part))
        return whole or str(told.get("name") or "")

    def _parts(self, outgoing: Outgoing, account: Account) -> list[dict[str, Any]]:
        """Each bears a mark that comes back with its echo, so that no part is taken for somebody else's words."""
        files = [_file(self.graph, account, (file.name, file.content, file.type)) for file in outgoing.files]
        parts = [*super()._parts(outgoing, account), *files]
        return [*({**part, "metadata": PART} for part in parts[:-1]), {**parts[-1], "metadata": MARK}]

    def _comment(self, account: Account, under: str, text: str) -> str:
        return id_in(WHO, self.graph.post(account, f"{quote(under, safe='')}/comments", form={"message": text}))


def _file(graph: Graph, account: Account, file: Upload) -> dict[str, Any]:
    """Uploaded first: nobody has seen it yet, so that its fate is never in doubt."""
    kind = file[2].partition("/")[0]
    kind = kind if kind in ("image", "video", "audio") else "file"
    form = {"message": json.dumps({"attachment": {"type": kind, "payload": {"is_reusable": False}}})}
    try:
        said = graph.post(account, f"{account.get('page')}/message_attachments", form=form, files=[("filedata", file)])
        return {"attachment": {"type": kind, "payload": {"attachment_id": str(said.json()["attachment_id"])}}}
    except (FateUnknown, KeyError) as error:
        raise NotSent(f"{WHO} did not take the file {file[0]} ({error}).", later=True) from None
