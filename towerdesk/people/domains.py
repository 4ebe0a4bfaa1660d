"""Which mail domains may belong to an organisation."""

FREE_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com gmx.de gmx.net web.de "
    "proton.me protonmail.com aol.com mail.ru yandex.ru qq.com 163.com".split()
)


def organisations_domain(email: str) -> str | None:
    """The domain that may belong to an organisation."""
    domain = email.rpartition("@")[2]
    return None if not domain or domain in FREE_MAIL else domain
