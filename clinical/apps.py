"""Django's handle on this room."""

from django.apps import AppConfig


class ClinicalConfig(AppConfig):
    """The `clinical` room."""

    name = "clinical"
