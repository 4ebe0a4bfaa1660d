"""A database with all tables, made once for a whole run of the suite: the test processes copy it, which takes a moment.

Each would migrate its own otherwise, for five seconds of work and more.
"""

import fcntl

from django.conf import settings
from django.db import connection


def copied_from(name: str) -> None:
    """The test database of this process becomes a copy of the database `name`, which the first process makes."""
    with (settings.DATA_DIR / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_there(name):
            _make(name)
    connection.settings_dict["TEST"] |= {"TEMPLATE": name, "MIGRATE": False}


def _is_there(name: str) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.rowcount)


def _make(name: str) -> None:
    """It appears whole: made as a draft, as Django makes a test database, then renamed. Nobody connects to it."""
    whole, test = dict(settings.DATABASES["default"]), connection.settings_dict["TEST"]
    own = test["NAME"]
    test["NAME"] = draft = f"{name}_draft"
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    finally:
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = whole["NAME"]
        test["NAME"] = own
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {draft} RENAME TO {name}")
        cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
