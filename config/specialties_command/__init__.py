"""The subcommands of `manage.py specialties`."""
