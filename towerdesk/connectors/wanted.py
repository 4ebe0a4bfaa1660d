"""Which secrets a connection needs, and which it lacks: by name, never a value. What was typed into its description all the
same is found, and can be moved to where secrets lie.
"""

import re
from collections.abc import Mapping

import yaml

from towerdesk.connectors.contract import TEXT
from towerdesk.connectors.models import Connection
from towerdesk.lib.vault import seal

SPOKEN = re.compile(r"secret\.([a-z][a-z0-9_]{0,39})")
_TYPED = re.compile(
    r"^(?P<head>[ \t]*[\"']?(?P<name>[\w-]*(?:authorization|api[-_]?key|token|password|secret|cookie)[\w-]*)[\"']?[ \t]*:[ \t]+)"
    r"(?P<value>[^\s#{][^\n]*?|\"[^\"\n]*\"|'[^'\n]*')[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""A header or a setting that is called like a secret, with its value in plain sight."""
_DRAWN = re.compile(r"=|(?:argument|result|was)\.")
"""How a value begins that is drawn from a call (`mapping`)."""


def wanted(kind: str, settings: Mapping[str, object]) -> list[str]:
    text = str(settings.get(TEXT, ""))
    return sorted(set(SPOKEN.findall(text)) | ({_address(text)} if kind == "sql" else set()))


def lacking(connection: Connection) -> list[str]:
    return [name for name in wanted(connection.kind, connection.settings) if not connection.secrets.get(name)]


def without_secrets(text: str, kind: str = "http") -> tuple[str, dict[str, str]]:
    """The description with `{secret.NAME}` where a value was typed in, and these values by name."""
    found: dict[str, str] = {}
    if kind == "sql":  # its `secret` is a name
        return text, found

    def moved(typed: re.Match[str]) -> str:
        value = typed["value"].strip("\"'")
        if not value or "{" in value or _DRAWN.match(value):
            return typed.group()
        name = re.sub(r"[^a-z0-9]+", "_", typed["name"].lower()).strip("_")[:40]
        found[name] = value
        return f'{typed["head"]}"{{secret.{name}}}"'

    return _TYPED.sub(moved, text), found


def typed_in(connection: Connection) -> list[str]:
    return sorted(without_secrets(str(connection.settings.get(TEXT, "")), connection.kind)[1])


def seal_typed(connection: Connection) -> None:
    """Onto the (not yet saved) connection: what stood in its description is a secret from now on."""
    text, found = without_secrets(str(connection.settings.get(TEXT, "")), connection.kind)
    if found:
        connection.settings = connection.settings | {TEXT: text}
        connection.secrets = {name: seal(value) for name, value in found.items()} | connection.secrets


def _address(text: str) -> str:
    """The name that a description of questions gives to the secret that holds the database's address."""
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError:
        said = None
    return str(said.get("secret") or "database") if isinstance(said, dict) else "database"
