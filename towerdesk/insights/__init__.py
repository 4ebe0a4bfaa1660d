"""The log as numbers: facts that follow it and can be rebuilt from it, and metrics with a sentence and a formula each."""
