"""Wires: settings, URLs, processes. No clinical logic."""

# Whatever process Django starts in, tasks are sent through our queue and not through Celery's default one.
from config.celery import app as celery_app

__all__ = ["celery_app"]
