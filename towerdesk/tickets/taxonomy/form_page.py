"""How customers fill in a form: whether it stands on the web, in which language, where it may be embedded, which files."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from towerdesk.channels.models import Inbox
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line
from towerdesk.tickets.models import Form

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
"""What the page around the asks can speak. The asks themselves are written by whoever makes the form."""
SITE = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::[0-9]{1,5})?")
MOST_SITES, MOST_FILES, MOST_MEGABYTES = 20, 10, 25


@dataclass(frozen=True, slots=True)
class FormPage:
    """`sites` are origins that may show the form in a frame; `files` of at most `megabytes` each; `inbox` is the address
    that answers leave from, empty for the desk's first."""

    public: bool = False
    language: str = "en"
    inbox: str = ""
    sites: tuple[str, ...] = ()
    files: int = 5
    megabytes: int = 10
    answers: bool = True  # articles are offered while somebody types
    thanks: str = ""  # what happens next, in the form's own words

    @property
    def spoken(self) -> str:
        return LANGUAGES.get(self.language, self.language)


FIELDS = tuple(one.name for one in fields(FormPage))


def page_of(form: Form) -> FormPage:
    said = {name: value for name, value in form.page.items() if name in FIELDS}
    return FormPage(**said | {"sites": tuple(said.get("sites", ()))})


def checked_page(said: Mapping[str, Any]) -> dict[str, Any]:
    """As a form keeps it; raises `Invalid`. What is not said is as it is by itself."""
    by_itself = FormPage()
    page = FormPage(
        public=bool(said.get("public", by_itself.public)),
        language=_language(str(said.get("language") or by_itself.language)),
        inbox=_inbox(str(said.get("inbox", ""))),
        sites=_sites(said.get("sites", ())),
        files=_number(said, "files", by_itself.files, MOST_FILES, "Take between 0 and {} files."),
        megabytes=_number(said, "megabytes", by_itself.megabytes, MOST_MEGABYTES, "A file has 1 to {} MB."),
        answers=bool(said.get("answers", by_itself.answers)),
        thanks=one_line(str(said.get("thanks", "")), 300),
    )
    if page.files and page.megabytes < 1:
        raise Invalid(f"A file has 1 to {MOST_MEGABYTES} MB.", {"megabytes": "At least 1."})
    kept = {name: value for name, value in asdict(page).items() if value != getattr(by_itself, name)}
    return kept | ({"sites": list(page.sites)} if page.sites else {})


def inbox_of(page: FormPage) -> Inbox | None:
    """Where answers leave from: the named inbox, or the first that is one for mail. None when the desk has none."""
    mail = Inbox.objects.select_related("team").filter(channel="email").order_by("pk")
    return mail.filter(address=page.inbox).first() or mail.first()


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise Invalid(f"A form speaks one of {', '.join(LANGUAGES)}, not “{one_line(code, 20)}”.")
    return code


def _inbox(address: str) -> str:
    address = address.strip().lower()
    if address and not Inbox.objects.filter(address=address, channel="email").exists():
        raise Invalid(f"There is no mail inbox “{one_line(address, 80)}”: name one that answers can leave from.")
    return address


def _sites(said: Any) -> tuple[str, ...]:
    words = said.split() if isinstance(said, str) else [str(one) for one in said]
    sites = tuple(dict.fromkeys(word.strip().rstrip("/").lower() for word in words if word.strip()))
    for site in sites:
        if len(site) > 200 or not SITE.fullmatch(site):
            wrong = one_line(site, 80)
            raise Invalid(
                f"“{wrong}” is no site: write it like https://shop.example, without a path.", {"sites": wrong}
            )
    if len(sites) > MOST_SITES:
        raise Invalid(f"A form can be shown on at most {MOST_SITES} sites.")
    return sites


def _number(said: Mapping[str, Any], name: str, by_itself: int, most: int, sentence: str) -> int:
    text = str(said.get(name, by_itself)).strip()
    if not text.isdecimal() or int(text[:6]) > most:
        raise Invalid(sentence.format(most), {name: sentence.format(most)})
    return int(text)
