"""The Celery application: background literature reviews, and exports of the audit record."""

import os

from celery import Celery
from celery.signals import setup_logging, task_prerun

from audit.client import WORKER, set_client

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tacit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["clinical.reviews", "compliance.officer.exports"])


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Celery must not install its own log format: Django's is already set up, and forgets."""


@task_prerun.connect
def tell_the_audit_record(**_: object) -> None:
    """Say that what a task does is done through the worker."""
    set_client(WORKER)
