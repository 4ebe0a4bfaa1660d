"""The `towerdesk` command."""
