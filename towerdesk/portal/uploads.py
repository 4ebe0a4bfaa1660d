"""Files that come with a form: counted and weighed, given a harmless name, and kept by what they contain.

After a refusal a browser forgets them. So they are kept, and the page carries a signed word about each.
"""

from dataclasses import dataclass, field

from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from towerdesk.channels.webform.files import is_program, tidy
from towerdesk.channels.webform.said import SaidFile
from towerdesk.channels.webform.words import Words
from towerdesk.lib.files import keep
from towerdesk.tickets.taxonomy.form_page import FormPage

SALT = "webform.kept"
KEPT_FOR = 24 * 3600  # seconds
SPARE = 2  # megabytes of a request beside its files
MOST_PER_HOUR = 300 * 2**20
"""Bytes of files that one network may bring within an hour."""


@dataclass(slots=True)
class Uploads:
    files: list[SaidFile] = field(default_factory=list)
    wrong: str = ""  # one sentence

    @property
    def signed(self) -> list[tuple[str, str]]:
        """(name, what the page carries)."""
        return [(file.name, signing.dumps(file.model_dump(), salt=SALT, compress=True)) for file in self.files]


def is_too_much(request: HttpRequest, page: FormPage) -> bool:
    """Asked before the request is read at all."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > (page.files * page.megabytes * 2 + SPARE) * 2**20


def uploads(request: HttpRequest, page: FormPage, words: Words, network: str) -> Uploads:
    found = Uploads()
    if request.FILES and not _has_room(network, sum(file.size or 0 for file in request.FILES.getlist("files"))):
        found.wrong = words["bad_often"]
        return found
    for word in request.POST.getlist("kept")[: page.files]:
        try:
            found.files.append(SaidFile(**signing.loads(word, salt=SALT, max_age=KEPT_FOR)))
        except (signing.BadSignature, TypeError, ValueError):
            continue
    for file in request.FILES.getlist("files"):
        if file.name and file.size:
            _add(found, file, page, words)
    return found


def _has_room(network: str, size: int) -> bool:
    """Also what is refused afterwards was kept for a while, so it counts. Kept in this process alone: a ceiling, no ledger."""
    name = f"webform-files:{network}"
    cache.add(name, 0, 3600)
    try:
        return int(cache.incr(name, size)) <= MOST_PER_HOUR
    except ValueError:  # its hour ended just now
        return True


def _add(found: Uploads, file: "UploadedFile[bytes]", page: FormPage, words: Words) -> None:
    name, type_ = tidy(file.name or "")
    if len(found.files) >= page.files:
        found.wrong = words.say("bad_most", most=page.files)
    elif (file.size or 0) > page.megabytes * 2**20:
        found.wrong = words.say("bad_size", name=name, megabytes=page.megabytes)
    elif is_program(file.name or "", file.read(8)):
        found.wrong = words.say("bad_kind", name=name)
    else:
        file.seek(0)
        kept = keep(name, type_, file.read())
        found.files.append(SaidFile(name=name, type=type_, size=kept.size, digest=kept.digest, path=kept.path))
