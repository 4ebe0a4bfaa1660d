"""Mail providers: what they bring by webhook (mails, and what became of ours), and sending by their interfaces.

Whether a call is genuine and what an event means is django-anymail's knowledge; which inbox it belongs to, with which
secrets, and what it makes of a ticket is ours. One file for each provider, one line for it here.
"""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # anymail, for those who have a provider
    from towerdesk.channels.email.providers.provider import Provider

PROVIDERS = {
    "mailgun": ("Mailgun", "mailgun:Mailgun"),
    "sendgrid": ("SendGrid", "sendgrid:SendGrid"),
    "postmark": ("Postmark", "postmark:Postmark"),
    "ses": ("Amazon SES", "ses:AmazonSes"),
    "brevo": ("Brevo", "brevo:Brevo"),
}


@cache
def provider_named(name: str) -> "Provider | None":
    """Imported when first asked for: some bring large libraries along."""
    if name not in PROVIDERS:
        return None
    module, _, cls = PROVIDERS[name][1].partition(":")
    made: Provider = getattr(import_module(f"{__name__}.{module}"), cls)()
    return made
