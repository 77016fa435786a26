"""What `manage.py models` does: one file a subcommand."""
