"""The desk's own PostgreSQL: found, started, watched and stopped here. With DATABASE_URL none of it is used.

`dsn(data)` only reckons; `ensure(data)` makes it run. Free of Django and of drivers, so that a supervisor stays light.
"""

from .cluster import ensure, stop
from .lease import leave, running, take
from .places import Place, dsn
from .server import running_pid

__all__ = ["Place", "dsn", "ensure", "leave", "running", "running_pid", "stop", "take"]
