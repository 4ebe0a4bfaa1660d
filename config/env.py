"""Typed readers of the environment. A bad value is one clear sentence that names the setting and says what to do.

    DEBUG = env.flag("TOWERDESK_DEBUG")
    PORT = env.port()
    LLM_TIMEOUT = env.number("TOWERDESK_LLM_TIMEOUT", 30, least=1, most=600)

An empty value counts as not set. Nothing here imports Django, so the light commands may use it too.
"""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from towerdesk.lib.errors import Invalid


class BadSetting(Invalid):
    """A setting that can't be used; the sentence names it."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def required(name: str, why: str) -> str:
    value = text(name)
    if not value:
        raise BadSetting(f"{name} is not set: {why}")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if value:
        raise BadSetting(f"{name} is “{value}”: use 1 or 0.")
    return default


def number(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    value = text(name)
    if not value:
        return default
    if not (value.isascii() and value.lstrip("-").isdigit() and least <= int(value) <= most):
        raise BadSetting(f"{name} is “{value}”: use a whole number from {least} to {most}.")
    return int(value)


def decimal(name: str, default: float, *, least: float = 0.0, most: float = float("inf")) -> float:
    value = text(name)
    if not value:
        return default
    try:
        found = float(value)
    except ValueError:
        found = float("nan")
    if not least <= found <= most:
        limits = f"of at least {least:g}" if most == float("inf") else f"from {least:g} to {most:g}"
        raise BadSetting(f"{name} is “{value}”: use a number {limits}, for example {default:g}.")
    return found


def choice(name: str, default: str, allowed: Iterable[str]) -> str:
    value, known = text(name, default), list(allowed)
    if value not in known:
        raise BadSetting(f"{name} is “{value}”: use one of {', '.join(known)}.")
    return value


def words(name: str, default: Iterable[str] = ()) -> list[str]:
    """A list written with commas: `TOWERDESK_HOSTS=desk.example.com,desk.example.org`."""
    found = [word.strip() for word in text(name).split(",") if word.strip()]
    return found or list(default)


def path(name: str, default: Path) -> Path:
    """An absolute path; `~` is the home folder. It need not exist yet."""
    value = text(name)
    if "\0" in value:
        raise BadSetting(f"{name} holds a NUL character: use a plain path.")
    return Path(os.path.abspath(Path(value).expanduser() if value else default))  # noqa: PTH100 - keeps symlinks as given


def url(name: str, default: str = "", *, schemes: Iterable[str] = ("http", "https")) -> str:
    """An address with a host and one of these schemes, without a slash at its end."""
    value, allowed = text(name, default), list(schemes)
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        good = parts.scheme in allowed and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise BadSetting(f"{name} is not an address we can use: write it as {allowed[0]}://host, with no spaces.")
    return value.rstrip("/")


def port() -> int:
    """Where the desk answers browsers."""
    return number("TOWERDESK_PORT", 8000, least=1, most=65535)


def smtp_port() -> int:
    """Where the desk takes mail."""
    return number("TOWERDESK_SMTP_PORT", 2525, least=1, most=65535)


def max_mail_bytes() -> int:
    """The largest mail that is taken in."""
    return number("TOWERDESK_MAX_MAIL_MB", 40, least=1, most=500) * 2**20


def demo_relay_port() -> int:
    """Where the demo customers' mail server listens: beside the desk's own door."""
    return number("TOWERDESK_DEMO_RELAY_PORT", smtp_port() + 1, least=1, most=65535)


def demo_shop_port() -> int:
    """Where the demo company's shop listens, on this machine alone."""
    return number("TOWERDESK_DEMO_SHOP_PORT", smtp_port() + 2, least=1, most=65535)


def host() -> str:
    """The network address that web and the SMTP door listen on; the loopback unless told otherwise."""
    return text("TOWERDESK_HOST", "127.0.0.1")


def data_dir() -> Path:
    """The folder that holds everything the desk keeps: database, files, secrets, logs. Not created here."""
    if os.geteuid() == 0:
        return path("TOWERDESK_DATA", Path("/var/lib/towerdesk"))
    shared = Path(text("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return path("TOWERDESK_DATA", shared / "towerdesk")


def secret(name: str) -> str:
    """A random secret, made once and kept in `<data>/secrets/<name>`, readable by its owner only."""
    kept = data_dir() / "secrets" / name
    try:
        if not kept.exists():
            _keep(kept, secrets.token_urlsafe(48))
        value = kept.read_text().strip()
    except OSError as error:
        raise BadSetting(
            f"The data folder {data_dir()} can't be used ({error.strerror}): set TOWERDESK_DATA to one you may write."
        ) from error
    if len(value) < 32:
        raise BadSetting(f"The secret in {kept} is too short or empty: put it back from a backup, or delete the file.")
    return value


def _keep(kept: Path, value: str) -> None:
    """Whole or not at all, and the first of two processes wins: both then read the same secret."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.parent.chmod(0o700)
    draft = kept.with_name(f"{kept.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, kept)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def database_url() -> str:
    """`DATABASE_URL` when set (an external PostgreSQL), else "": the desk runs its own."""
    value = text("DATABASE_URL")
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("postgres", "postgresql") and len(unquote(parts.path).strip("/")) > 0
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise BadSetting("DATABASE_URL can't be used: write it as postgresql://user:password@host:5432/database.")
    return value
