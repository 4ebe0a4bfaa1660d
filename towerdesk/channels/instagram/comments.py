"""What people write in public under an account's posts. Instagram tells neither of edits nor of deletions."""

from towerdesk.channels.contract import Incoming
from towerdesk.channels.meta.read import IN_PUBLIC, Json, Talk, moment

COMMENTS = ("comments", "live_comments")


def change(talk: Talk, piece: Json, told: Json) -> Incoming:
    value = told.get("value") if isinstance(told, dict) else None
    field = told.get("field") if isinstance(told, dict) else None
    if isinstance(value, dict) and field in COMMENTS:
        return _comment(talk, piece, value)
    if isinstance(value, dict) and field == "mentions":
        return talk.unknown(f"Somebody mentions us under a post of theirs ({value.get('media_id')}): look there.")
    return talk.unknown(f"It tells of a change of the account: {field}.")


def _comment(talk: Talk, piece: Json, value: Json) -> Incoming:
    who, named = value.get("from") or {}, str(value["id"])
    ours = str(who.get("id")) == str(piece.get("page"))
    text = str(value.get("text") or "")
    if not text:
        return talk.unknown("It is a comment without any words.")
    return Incoming(
        sender="" if ours else str(who.get("id") or ""),
        identity=talk.identity,
        sender_name="" if ours else str(who.get("username") or ""),
        happening="echo" if ours else "message",
        conversation=f"{IN_PUBLIC}{value.get('parent_id') or named}",
        external_id=named,
        text=text,
        visible=text,
        at=moment(piece.get("time")),
        trust={"verified": True, "sentence": f"signed for by {talk.who}"},
    )
