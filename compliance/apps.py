"""Django's handle on this room."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    """The `compliance` room."""

    name = "compliance"

    def ready(self) -> None:
        """Connect the recording of sign-ins."""
        from compliance.access import sign_in  # noqa: F401 - models are loaded only now
