"""Towerdesk. Before anything else: numbers are multiplied by one thread, unless whoever runs it says otherwise.

OpenBLAS, under numpy and scipy, shares a product with all cores from about a thousand vectors on, and the other threads
then wait for the next one by spinning: 12 to 16 ms of a core for a product that takes one thread 0.3 to 0.4 (decision 0054).
It reads this when numpy is loaded.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
