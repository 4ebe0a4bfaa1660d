"""WhatsApp's own error codes, sorted by what helps (developers.facebook.com, WhatsApp error codes)."""

from towerdesk.channels.meta.errors import Codes

WINDOW = "More than 24 hours have passed since the customer wrote: WhatsApp takes only an approved template"
PATIENCE = {80007: 60.0, 130429: 5.0, 131056: 10.0, 131048: 3600.0, 133016: 3600.0}
"""Ceilings, and after how many seconds to come again; one customer may be written to every six seconds."""
ACCOUNT = {
    131005: "the access token may not do this",
    131031: "Meta has locked the account",
    131042: "Meta can't charge the account: look at its way of payment",
    131045: "the number is not registered",
    133010: "the number is not registered",
}
BROKEN = (131000, 131016, 133004)
FINAL = {
    130472: "WhatsApp keeps this customer out of such messages for an experiment of its own",
    131021: "This is the number that we write from",
    131026: "This number can't be reached by WhatsApp: they may have no WhatsApp, or an old one",
    131030: "The account is for tests only, and this number is not on its list",
    131047: WINDOW,
    131049: "WhatsApp holds this back, as they get many such messages",
    131050: "They want no marketing messages from us",
    131051: "WhatsApp does not take this kind of message",
    131052: "WhatsApp could not take the file",
    131053: "WhatsApp could not take the file",
    132000: "The template has another number of gaps at Meta than here",
    132001: "The template is not approved at Meta in this language",
    132005: "The text is too long for the template",
    132007: "The text breaks Meta's rules for templates",
    132015: "Meta has paused the template, as customers complained",
    132016: "Meta has switched the template off, as customers complained",
}
CODES = Codes("WhatsApp", FINAL, ACCOUNT, PATIENCE, BROKEN)
