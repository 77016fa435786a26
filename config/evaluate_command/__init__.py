"""`manage.py evaluate`: one file for each suite."""
