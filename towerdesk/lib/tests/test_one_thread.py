"""Products of numbers stay on the core that asks for them."""

import os
import subprocess
import sys

SAY = """
import towerdesk
import numpy, scipy.linalg
from threadpoolctl import threadpool_info
print([one["num_threads"] for one in threadpool_info() if one["internal_api"] == "openblas"])
"""


def threads_of_the_house() -> list[int]:
    """As OpenBLAS itself tells: numpy's and scipy's; none where they bring another library."""
    bare = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    told = subprocess.run([sys.executable, "-c", SAY], env=bare, capture_output=True, text=True, check=True)
    return [int(one) for one in told.stdout.strip().strip("[]").split(",") if one]


def test_one_thread_multiplies():
    assert set(threads_of_the_house()) <= {1}
