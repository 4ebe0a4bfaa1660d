"""How the desk is set up: everything comes from the environment, read in `env`, used in `settings`."""
