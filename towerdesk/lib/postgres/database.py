"""What a new cluster gets: the desk's role, its database and the extensions, also in every database made later."""

import subprocess
from pathlib import Path

from ..errors import Unavailable
from . import programs
from .places import DATABASE, ROLE, SUPERUSER, Place, dsn

NEEDED = ("pg_trgm", "unaccent", "btree_gin")
WELCOME = ("vector", "fuzzystrmatch", "citext")
MARK = "prepared-1"

_EXTENSIONS = f"""
SELECT format('CREATE EXTENSION IF NOT EXISTS %I', name) FROM pg_available_extensions
 WHERE name IN ({", ".join(f"'{name}'" for name in NEEDED + WELCOME)}) ORDER BY name \\gexec
"""  # noqa: S608 - constants of this file
_SCRIPT = f"""
\\connect template1
{_EXTENSIONS}
SELECT 'CREATE ROLE {ROLE} LOGIN CREATEDB' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') \\gexec
SELECT 'CREATE DATABASE {DATABASE} OWNER {ROLE}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
\\connect {DATABASE}
{_EXTENSIONS}
SELECT extname FROM pg_extension;
"""  # noqa: S608 - constants of this file


def prepare(place: Place, bindir: Path | None) -> None:
    """Once for each cluster; a second time changes nothing. Only the owner of the cluster could make `vector`."""
    if (place.home / MARK).exists():
        return
    psql = (bindir or programs.find(place.cluster)) / "psql"
    address = dsn(place.data, "template1", SUPERUSER)
    said = subprocess.run(
        [psql, "-XAtq", "-v", "ON_ERROR_STOP=1", address],
        input=_SCRIPT,
        env=programs.clean_env(),
        capture_output=True,
        text=True,
        check=False,
    )
    missing = set(NEEDED) - set(said.stdout.split())
    if said.returncode or missing:
        reason = said.stderr.strip() or f"the extension {', '.join(sorted(missing))} is missing"
        raise Unavailable(f"The desk's database could not be made: {reason}")
    (place.home / MARK).touch()
