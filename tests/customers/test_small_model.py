"""A few customers come with a real small model and without one: the same is done for each. Opt-in, it takes minutes."""

import json
import os
import subprocess
import sys

import pytest

from towerdesk.testing import small_model


@pytest.mark.skipif(small_model.PYTHON not in os.environ, reason=small_model.MISSING)
def test_with_a_small_model_the_same_is_done_for_everybody():
    command = [sys.executable, "-m", "tests.performance.customers", "5", "2", "--model", "smollm2"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    told = {line["name"]: line for line in map(json.loads, said.splitlines())}
    assert "differs" not in told
    assert told["same_traces"]["value"] == told["same_traces"]["of"] == 5
    assert told["books_with"]["digest"] == told["books_without"]["digest"]
    assert told["wrong"]["value"] == 0
    assert told["model_calls"]["value"] > 0
