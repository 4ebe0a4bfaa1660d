"""XOAUTH2, by which Google and Microsoft let a token stand for a password in IMAP and SMTP."""


def xoauth2(user: str, token: str) -> str:
    """The initial response that both document. A refusal comes as a challenge, to be answered by nothing."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"
