"""The engines' metrics for Prometheus."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from clinical.answers.serializers import ProblemSerializer
from clinical.inference.services import read_metrics
from clinical.monitoring.tokens import MetricsTokenAuthentication
from clinical.specialties.services import models
from compliance.access.domain import Action
from compliance.access.models import signed_in_actor
from compliance.access.services import authorize_use

# Source: Prometheus' text exposition format.
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PROBLEMS = dict.fromkeys((401, 403, 503, 504), ProblemSerializer)


class TextRenderer(JSONRenderer):
    """Lets a client ask for text by `Accept`; what is rendered are problems, as JSON."""

    media_type = "text/plain"
    format = "text"


class MetricsView(APIView):
    """What the engines have counted since they started."""

    authentication_classes = (MetricsTokenAuthentication, *APIView.authentication_classes)
    renderer_classes = (TextRenderer, JSONRenderer)

    @extend_schema(
        operation_id="metrics",
        responses={(200, "text/plain"): str, **PROBLEMS},
        description="Prometheus' text format. For an administrator, or with the token of TACIT_METRICS_TOKEN.",
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the metrics."""
        if not isinstance(request.successful_authenticator, MetricsTokenAuthentication):
            # Recorded, as every use of a role is; a scraper would fill the record, and sees no more than counts.
            authorize_use(signed_in_actor(request.user), action=Action.READ_METRICS)
        return HttpResponse(read_metrics(models()), content_type=MEDIA_TYPE)
