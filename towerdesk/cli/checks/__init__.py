"""What `towerdesk doctor` looks at: `outside` the database, and `inside` it."""

from dataclasses import dataclass
from typing import Literal

type State = Literal["good", "note", "bad"]


@dataclass(frozen=True)
class Finding:
    """`note`: worth knowing, nothing is broken."""

    state: State
    about: str
    sentence: str
