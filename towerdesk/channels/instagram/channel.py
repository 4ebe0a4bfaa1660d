"""Instagram as a channel: an account's talks, and the comments under its posts."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from towerdesk.channels.contract import Account, Outgoing
from towerdesk.channels.doors import Field, Step
from towerdesk.channels.instagram.comments import change
from towerdesk.channels.meta.errors import Codes
from towerdesk.channels.meta.errors_of_talks import BROKEN, FINAL, PATIENCE
from towerdesk.channels.meta.graph import Graph
from towerdesk.channels.meta.read import IN_PUBLIC, Talk
from towerdesk.channels.meta.talking import HUMAN, SECRET, TOKEN, VERIFY, Talking, id_in

WHO = "Instagram"
SERVER = "https://graph.instagram.com/v24.0"
LISTENS = "messages,messaging_postbacks,messaging_seen,message_reactions,comments"
"""One would do: what the app itself is subscribed to comes then."""
MORE = "message_edit messaging_referral messaging_handover standby live_comments mentions"
PERMISSIONS = "instagram_business_basic, instagram_business_manage_messages, instagram_business_manage_comments"
NO_FILES = "Instagram fetches files by an address that is open to the internet, and there is none here: leave them out."


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


class InstagramChannel(Talking):
    name = "instagram"
    identity = "instagram"
    title = "Instagram"
    whose = "account"
    talk = Talk(WHO, "instagram", "instagram", change)
    graph = Graph(WHO, SERVER, Codes(WHO, FINAL, patience=PATIENCE, broken=BROKEN))
    listens = LISTENS
    longest, longest_comment = 1000, 2200
    weigh = staticmethod(_bytes)
    name_fields = "name,username"
    fields: Sequence[Field] = (
        Field("account", "Account ID", "Of the professional account, as Meta shows it beside the token."),
        TOKEN,
        SECRET,
        VERIFY,
        HUMAN,
        Field("server", "Graph API address", f"Only to change the version; empty: {SERVER}.", needed=False),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("At developers.facebook.com make an app of the type Business and add Instagram to it."),
            Step("Under API setup with Instagram login, add the account and generate a token with these.", PERMISSIONS),
            Step("Enter account ID, token and the Instagram app secret here and connect."),
            Step("Under Configure webhooks: Callback URL:", account.hook),
            Step("Verify token:", account.get("verify")),
            Step(
                "There, subscribe to these fields, as far as they are offered.", f"{LISTENS.replace(',', ' ')} {MORE}"
            ),
            Step("In the app's settings of the account, allow access to messages; then write to it from another one."),
        )

    def introduce(self, account: Account) -> str:
        told = self.introduced(account, "username")
        return f"Connected to @{told.get('username') or account.get('account')}. Now follow the steps at Meta."

    def _name(self, told: Mapping[str, Any]) -> str:
        return str(told.get("name") or told.get("username") or "")

    def _against(self, outgoing: Outgoing) -> str:
        if outgoing.files and not outgoing.conversation.startswith(IN_PUBLIC):
            return NO_FILES
        return super()._against(outgoing)

    def _comment(self, account: Account, under: str, text: str) -> str:
        return id_in(WHO, self.graph.post(account, f"{quote(under, safe='')}/replies", form={"message": text}))
