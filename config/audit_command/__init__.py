"""`manage.py audit`: one file for each subcommand."""
