"""Save a database into one file and bring it back. A failed restore changes nothing."""

import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from towerdesk.lib.errors import Conflict, Invalid, Unavailable
from towerdesk.lib.postgres.programs import clean_env, client


def dump(address: str, file: Path) -> None:
    """Whole or not at all: the file gets its name when everything is in it."""
    draft = file.with_name(file.name + ".part")
    try:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--file={draft}", address)
        draft.rename(file)
    except OSError as error:
        raise Invalid(f"{file} can't be written ({error.strerror}): name another place.") from None
    finally:
        draft.unlink(missing_ok=True)


def restore(address: str, file: Path) -> None:
    """Filled beside the present database, then put in its place."""
    _check(file)
    name = urlsplit(address).path.strip("/")
    fresh, former = f"{name}_restored", f"{name}_former"
    with psycopg.connect(_beside(address, "postgres"), autocommit=True) as link:
        _nobody_inside(link, name)
        _drop(link, fresh)
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
        try:
            _run(
                "pg_restore",
                "--no-owner",
                "--no-privileges",
                "--exit-on-error",
                f"--dbname={_beside(address, fresh)}",
                file,
            )
        except Unavailable:
            _drop(link, fresh)
            raise
        _drop(link, former)
        _rename(link, name, former)
        _rename(link, fresh, name)
        _drop(link, former)


def _check(file: Path) -> None:
    if not file.is_file():
        raise Invalid(f"There is no file {file}: name one that “towerdesk db dump” made.")
    listed = subprocess.run(
        [client("pg_restore"), "--list", file], env=clean_env(), capture_output=True, text=True, check=False
    )
    if listed.returncode or "procrastinate_jobs" not in listed.stdout:
        raise Invalid(f"{file} is not the saved database of a desk: name one that “towerdesk db dump” made.")


def _nobody_inside(link: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    row = link.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name]).fetchone()
    if row and row[0]:
        raise Conflict(f"{row[0]} connections are open to the database {name}: stop whatever uses it, then try again.")


def _drop(link: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    link.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _rename(link: "psycopg.Connection[tuple[object, ...]]", name: str, to: str) -> None:
    link.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(to)))


def _beside(address: str, database: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))


def _run(program: str, *words: str | Path) -> None:
    ended = subprocess.run([client(program), *words], env=clean_env(), capture_output=True, text=True, check=False)
    if ended.returncode:
        lines = [line for line in ended.stderr.splitlines() if line.strip()]
        raise Unavailable(f"{program} failed: {lines[-1].split('error: ', 1)[-1] if lines else 'no reason given'}")
