"""The desk's database from the command line. Works on our own PostgreSQL and on `DATABASE_URL` alike."""

import signal
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from config import env
from towerdesk.cli import saves
from towerdesk.cli.claim import running
from towerdesk.cli.session import database, session
from towerdesk.lib import postgres
from towerdesk.lib.errors import Conflict
from towerdesk.lib.postgres.programs import clean_env, client

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def psql(context: typer.Context) -> None:
    """Open psql on the desk's database; what follows goes to psql, for example -c "SELECT 1"."""
    with database():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is psql's: it ends a query, not us
        ended = subprocess.run([client("psql"), *context.args, address()], env=clean_env(), check=False)
    raise typer.Exit(ended.returncode)


@app.command()
def dump(file: Annotated[Path, typer.Argument(help="Where to; not overwritten when it exists.")]) -> None:
    """Save the whole database into one file, also while the desk runs."""
    if file.exists():
        raise Conflict(f"{file} exists already: name a new file, or remove that one.")
    with database():
        saves.dump(address(), file)
    print(f"Saved to {file} ({file.stat().st_size / 2**20:.1f} MB). Keep the data's folders files and secrets with it.")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="What “towerdesk db dump” made.")]) -> None:
    """Put a saved database in the place of the present one. The desk must be stopped."""
    _must_be_stopped()
    with database():
        saves.restore(address(), file)
    with session("desk"):
        print(f"Brought back from {file}.")


@app.command()
def migrate() -> None:
    """Bring the tables up to date; “towerdesk up” does it by itself."""
    with session("desk"):
        print("The tables are up to date.")


@app.command()
def status() -> None:
    """Say whether PostgreSQL runs, and where."""
    if env.database_url():
        print("An external PostgreSQL is used (DATABASE_URL): “towerdesk doctor” asks it.")
        return
    pid = postgres.running_pid(env.data_dir())
    print(f"PostgreSQL runs (process {pid}): {address()}" if pid else f"PostgreSQL is not running: {address()}")


@app.command()
def stop() -> None:
    """Stop our own PostgreSQL when something left it running."""
    if env.database_url():
        raise Conflict("The database is an external one (DATABASE_URL): stop it where it is looked after.")
    _must_be_stopped()
    print("Stopped." if postgres.stop(env.data_dir()) else "It was not running.")


def address() -> str:
    return env.database_url() or postgres.dsn(env.data_dir())


def _must_be_stopped() -> None:
    pid = running(env.data_dir())
    if pid:
        raise Conflict(f"The desk is running (process {pid}): stop it first with “towerdesk stop”.")
