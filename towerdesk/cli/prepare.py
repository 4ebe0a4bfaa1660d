"""Bring a desk up to date before it opens: tables, static files, the first administrator."""

import hashlib
import inspect
import secrets
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.core.validators import validate_email
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import env
from towerdesk.accounts.models import User
from towerdesk.accounts.users import create_user
from towerdesk.cli.session import few_collections
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Unavailable

MIGRATING = 7_348_921  # any number; the same for every desk, the lock is per database
FIRST_ADMIN = "admin@towerdesk.local"
OLDEST_SERVER = 150_000


def migrate() -> bool:
    """Apply what is missing, one process at a time. False when nothing was."""
    _check_server()
    if not _plan():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        cursor.execute("SET synchronous_commit = off")  # what a crash takes away is applied again at the next start
        try:
            with few_collections():
                call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("RESET synchronous_commit")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
    return True


def collect_static() -> bool:
    """Gather and compress static files when one of them is new or changed."""
    stamp, found = Path(settings.STATIC_ROOT) / ".made-from", _fingerprint()
    if stamp.exists() and stamp.read_text() == found:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(found)
    return True


def first_administrator() -> str:
    """How to sign in, as shown on the ready line. Makes the administrator who is named or missing."""
    email = env.text("TOWERDESK_ADMIN_EMAIL").lower()
    if not email:
        known = User.objects.filter(role="admin", is_active=True).order_by("pk").first()
        if known:
            return f"sign in as {known.email}"
    email = email or FIRST_ADMIN
    _check_address(email)
    if User.objects.filter(email=email).exists():
        return f"sign in as {email}"
    return _make_administrator(email)


def _check_server() -> None:
    connection.ensure_connection()
    version = connection.cursor().connection.info.server_version
    if version < OLDEST_SERVER:
        raise Unavailable(f"The PostgreSQL server has version {version // 10000}: version 15 or newer is needed.")


def _plan() -> list[object]:
    executor = MigrationExecutor(connection)
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _fingerprint() -> str:
    digest = hashlib.sha256(sys.version.encode() + _code_of(staticfiles_storage))
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _code_of(storage: object) -> bytes:
    """What gathers the files may bundle or rewrite them: when it changes, they do."""
    return Path(inspect.getfile(storage.__class__)).read_bytes()


def _check_address(email: str) -> None:
    from django.core.exceptions import ValidationError

    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(f"TOWERDESK_ADMIN_EMAIL is “{email}”, which is no mail address: correct it.") from None


def _make_administrator(email: str) -> str:
    given = env.text("TOWERDESK_ADMIN_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    create_user(email, password, name=email.partition("@")[0].replace(".", " ").title(), role="admin", by=CLOCK)
    return f"sign in as {email} / {'the password from TOWERDESK_ADMIN_PASSWORD' if given else password}"
