"""Where each company asks its people for leave, and which servers take the tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from towerdesk.lib.errors import Invalid


@dataclass(frozen=True, slots=True)
class Company:
    """`{tenant}` in an address is the directory of an organisation. `imap` is as `Inbox.settings["imap"]`."""

    name: str
    title: str
    mail: str  # what its mail is called
    authorize: str
    token: str
    scopes: Sequence[str]
    imap: Mapping[str, object]
    smtp: str
    asks: Mapping[str, str] = field(default_factory=dict)  # more for the address where people are asked
    steps: Sequence[str] = ()
    has_tenant: bool = False


GOOGLE = Company(
    name="google",
    title="Google",
    mail="Gmail",
    authorize="https://accounts.google.com/o/oauth2/v2/auth",
    token="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
    scopes=["https://mail.google.com/"],
    imap={"host": "imap.gmail.com", "port": 993, "tls": "ssl"},
    smtp="smtp+tls://smtp.gmail.com:587",
    # without these Google gives a token that can't be renewed, or none the second time
    asks={"access_type": "offline", "prompt": "consent"},
    steps=[
        "console.cloud.google.com: a project with the Gmail API switched on, and a consent screen of the kind “Internal”.",
        "APIs & Services → Credentials: an OAuth client of the type “Web application” with the address below.",
    ],
)
MICROSOFT = Company(
    name="microsoft",
    title="Microsoft",
    mail="Microsoft 365",
    authorize="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
    token="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106 - an address
    scopes=[
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
        "offline_access",
    ],
    imap={"host": "outlook.office365.com", "port": 993, "tls": "ssl"},
    smtp="smtp+tls://smtp.office365.com:587",
    asks={"prompt": "select_account"},
    steps=[
        "entra.microsoft.com → App registrations: a new one with a redirect address of the kind “Web”, which is below.",
        "API permissions → Office 365 Exchange Online, delegated: IMAP.AccessAsUser.All and SMTP.Send.",
        "Certificates & secrets: a client secret. In Exchange, allow IMAP and authenticated SMTP for this mailbox.",
    ],
    has_tenant=True,
)
_known = {one.name: one for one in (GOOGLE, MICROSOFT)}


def companies() -> list[Company]:
    return list(_known.values())


def company(name: str) -> Company:
    if name not in _known:
        raise Invalid(f"The desk does not know {name!r}: choose one of {', '.join(_known)}.")
    return _known[name]


def put(instead: Company) -> Company:
    """Let a company be another one, such as a fake; what it was."""
    was = _known[instead.name]
    _known[instead.name] = instead
    return was
