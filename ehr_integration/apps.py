"""Django's handle on this room."""

from django.apps import AppConfig


class EhrIntegrationConfig(AppConfig):
    """The `ehr_integration` room."""

    name = "ehr_integration"
