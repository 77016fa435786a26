"""The subcommands of `manage.py ehr`."""
