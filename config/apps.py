"""Django's handle on this room."""

from django.apps import AppConfig


class WiresConfig(AppConfig):
    """The `config` room."""

    name = "config"
