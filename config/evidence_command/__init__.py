"""The subcommands of `manage.py evidence`."""
