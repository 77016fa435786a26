"""What every page's template knows."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, so that pages can say so."""
    return {"is_demo": settings.IS_DEMO}
