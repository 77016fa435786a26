#!/usr/bin/env python
"""Django's command line, with Tacit's own commands; `python manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

from audit.client import COMMAND_LINE, set_client

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    set_client(COMMAND_LINE)
    execute_from_command_line(sys.argv)
