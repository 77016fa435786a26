"""What the subcommands of `manage.py models` share: the registry."""

from django.conf import settings

from clinical.inference.registry.registry import Registry


def load_registry() -> Registry:
    """Return the registry of this installation. Raises: RegistryInvalid."""
    return Registry.load(
        content_folder=settings.TACIT_CONTENT_FOLDER, models_folder=settings.TACIT_MODELS_FOLDER
    )
