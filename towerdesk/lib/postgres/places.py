"""Where the desk's own PostgreSQL lives inside the data folder. Pure reckoning: nothing is made, nothing is started."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DATABASE = "towerdesk"
ROLE = "towerdesk"
SUPERUSER = "postgres"
PORT = 5432  # only a part of the socket's name; said everywhere, so that a PGPORT does not move it
SOCKET_NAME = f"/.s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 103  # bytes; Linux takes 107, macOS 103


@dataclass(frozen=True)
class Place:
    """The files of one cluster. `data` is the desk's whole data folder."""

    data: Path

    @property
    def home(self) -> Path:
        """`<data>/postgres`; a link when the data folder is out of the database account's reach."""
        home = self.data / "postgres"
        return home.resolve() if home.is_symlink() else home

    @property
    def cluster(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def socket(self) -> Path:
        """The folder of the socket. A socket's path has a length limit, so a long one moves to /tmp."""
        own = self.data / "postgres" / "socket"
        if len(os.fsencode(own)) + len(SOCKET_NAME) <= LONGEST_SOCKET_PATH:
            return own
        import hashlib  # brings OpenSSL: 4 MB that a supervisor does not need

        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path("/tmp") / f"towerdesk-{os.geteuid()}-{name}"  # noqa: S108 - its owner and mode are checked before use


def dsn(data: Path, database: str = DATABASE, role: str = ROLE) -> str:
    """How to reach the cluster of this data folder, running or not. No password: the socket's folder is ours."""
    return f"postgresql://{role}@/{database}?host={quote(str(Place(data).socket), safe='')}&port={PORT}"
