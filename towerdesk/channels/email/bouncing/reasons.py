"""Why a mail was not delivered: a small vocabulary, and the RFC 3463 codes that mean the same."""

REASONS = {
    "unknown_user": "There is no such mailbox.",
    "unknown_host": "The domain does not exist or takes no mail.",
    "moved": "The address has moved.",
    "disabled": "The mailbox is disabled or suspended.",
    "mailbox_full": "The mailbox is full.",
    "too_large": "The mail is too large.",
    "expired": "It could not be delivered in time.",
    "network": "The mail servers could not reach each other, or a mail loop.",
    "spam": "It was taken for spam.",
    "virus": "It was taken for a virus.",
    "content": "Something in the mail was not accepted.",
    "unauthenticated": "SPF, DKIM or DMARC did not pass.",
    "blocked": "Our server's address or reputation is blocked.",
    "too_fast": "Too many mails or connections at a time.",
    "relay": "The server does not relay for this recipient.",
    "policy": "A rule of the receiving side forbids it.",
    "refused": "The sender or the mail was refused.",
    "syntax": "A protocol error between the servers.",
    "system": "A fault of the receiving system.",
    "undefined": "The notice does not say why.",
}

# RFC 3463 and the registry of enhanced status codes: subject.detail -> reason. A subject alone is the fallback.
BY_CODE = {
    "1.0": "unknown_user", "1.1": "unknown_user", "1.2": "unknown_host", "1.3": "unknown_user", "1.4": "unknown_user",
    "1.6": "moved", "1.7": "refused", "1.8": "refused", "1.9": "refused", "1.10": "unknown_host",
    "2": "refused", "2.1": "disabled", "2.2": "mailbox_full", "2.3": "too_large", "2.4": "system",
    "3": "system", "3.1": "system", "3.2": "system", "3.4": "too_large", "3.5": "system",
    "4": "network", "4.0": "network", "4.1": "network", "4.2": "network", "4.3": "network", "4.4": "network",
    "4.5": "too_fast", "4.6": "network", "4.7": "expired",
    "5": "syntax", "5.0": "syntax", "5.3": "refused", "6": "content",
    "7": "policy", "7.0": "policy", "7.1": "policy", "7.8": "policy", "7.9": "policy", "7.13": "disabled",
    "7.20": "unauthenticated", "7.21": "unauthenticated", "7.22": "unauthenticated", "7.23": "unauthenticated",
    "7.24": "unauthenticated", "7.25": "blocked", "7.26": "unauthenticated", "7.27": "unknown_host",
    "7.28": "too_fast", "7.509": "unauthenticated", "7.606": "blocked",
}  # fmt: skip

# What a reason is called in RFC 3463 when a notice gives no code: subject.detail; the class says whether it is final.
CODES = {
    "unknown_user": "1.1", "unknown_host": "1.2", "moved": "1.6", "disabled": "2.1", "mailbox_full": "2.2",
    "too_large": "3.4", "expired": "4.7", "network": "4.4", "spam": "7.1", "virus": "7.1", "content": "6.0",
    "unauthenticated": "7.26", "blocked": "7.1", "too_fast": "4.5", "relay": "7.1", "policy": "7.1", "refused": "7.1",
    "syntax": "5.0", "system": "3.0", "undefined": "0.0",
}  # fmt: skip
