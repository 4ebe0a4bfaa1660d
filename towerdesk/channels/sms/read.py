"""Read one form that Twilio posted: a message, or how far one of ours has come."""

import mimetypes
import re
from collections.abc import Mapping
from typing import Any

from towerdesk.channels.contract import Incoming, Remote
from towerdesk.channels.sms.words import wishes
from towerdesk.channels.twilio.signature import form
from towerdesk.channels.twilio.texting import id_of, is_status, status, unknown

E164 = re.compile(r"\+[0-9]{5,15}")
MAP = "https://www.openstreetmap.org/search?query="
EXTENSIONS = {
    "image/jpeg": ".jpg",
    "audio/amr": ".amr",
    "video/3gpp": ".3gp",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
}
MOST_FILES = 20


def read(content: bytes, envelope: Mapping[str, Any]) -> Incoming:
    try:
        said = dict(form(content))
    except ValueError:
        return unknown("It is no form as Twilio posts them.")
    if is_status(said):
        return status(said, part=bool(envelope.get("part")))
    if said.get("From") and id_of(said):
        return _message(said)
    if said.get("CallSid"):
        return unknown("It is about a telephone call: this inbox takes text messages only.")
    return unknown("It is no message: nobody is named who sent it.")


def _message(said: Mapping[str, str]) -> Incoming:
    """Twilio does not say when it was written. A number is vouched for by its network; a word such as "Bank" is anybody's."""
    number = said["From"].rpartition(":")[2]
    is_number = bool(E164.fullmatch(number))
    text = said.get("Body", "") or _place(said)
    wish = wishes(said)
    return Incoming(
        sender=number,
        identity="phone" if is_number else "sms",
        sender_name=said.get("ProfileName", ""),
        conversation=said["From"],
        external_id=id_of(said),
        text=text or ("" if _count(said) else "(an empty message)"),
        visible=text or ("" if _count(said) else "(an empty message)"),
        remote=_files(said),
        trust={"verified": is_number, "sentence": "signed for by Twilio", **({"wishes": wish} if wish else {})},
    )


def _place(said: Mapping[str, str]) -> str:
    if not said.get("Latitude") or not said.get("Longitude"):
        return ""
    where = f"{said['Latitude']}, {said['Longitude']}"
    named = [said[part] for part in ("Label", "Address") if said.get(part)]
    return f"Place: {', '.join([*named, where])}\n{MAP}{where.replace(' ', '')}"


def _files(said: Mapping[str, str]) -> list[Remote]:
    count = _count(said)
    return [_file(said, number) for number in range(count) if said.get(f"MediaUrl{number}")]


def _file(said: Mapping[str, str], number: int) -> Remote:
    type_ = (said.get(f"MediaContentType{number}") or "application/octet-stream").partition(";")[0].strip().lower()
    what = {"image": "photo", "video": "video", "audio": "audio"}.get(type_.partition("/")[0], "file")
    ending = EXTENSIONS.get(type_) or mimetypes.guess_extension(type_) or ""
    return Remote(said[f"MediaUrl{number}"], f"{what}{number + 1 if number else ''}{ending}", type_)


def _count(said: Mapping[str, str]) -> int:
    told = said.get("NumMedia", "")
    return min(int(told), MOST_FILES) if told.isascii() and told.isdecimal() and len(told) < 4 else 0
