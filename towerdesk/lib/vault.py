"""Secrets of other systems, such as a mailbox's password: sealed in the database, opened only where they are used."""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken

from config import env
from towerdesk.lib.errors import Unavailable


def seal(text: str) -> str:
    """Encrypt and authenticate (Fernet); the key is made of the desk's secret `vault`."""
    return _fernet(env.secret("vault")).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises `Unavailable` when it was sealed with another key, as after a restore without the secrets folder."""
    try:
        return _fernet(env.secret("vault")).decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError):
        raise Unavailable("A stored password can't be read with this desk's key: enter it again.") from None


@lru_cache(maxsize=2)
def _fernet(secret: str) -> Fernet:
    import base64
    import hashlib

    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))
