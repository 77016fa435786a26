"""`/audit/log/checkpoint` and `/audit/log/tile/...`."""

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from audit.services import log_checkpoint, log_tile
from audit.tlog.errors import TileInvalid, TileMissing
from compliance.access.domain import Action
from compliance.access.models import signed_in_actor
from compliance.access.services import authorize_use
from compliance.officer.log.tokens import WitnessTokenAuthentication
from compliance.officer.serializers import AuditProblemSerializer

PROBLEMS = dict.fromkeys((401, 403, 404, 503), AuditProblemSerializer)


class AnyRenderer(JSONRenderer):
    """Lets a witness ask for anything; what is rendered are problems, as JSON."""

    media_type = "*/*"


class LogView(APIView):
    """For a witness with its token, or an officer or administrator."""

    authentication_classes = (WitnessTokenAuthentication, *APIView.authentication_classes)
    renderer_classes = (AnyRenderer,)

    def check_permissions(self, request: Request) -> None:
        """Let a witness in, and whom the rules allow. Raises: AccessDenied (recorded first), NotAuthenticated."""
        super().check_permissions(request)
        if not isinstance(request.successful_authenticator, WitnessTokenAuthentication):
            # Recorded, as every use of a role is. A witness that looks each minute would never find the record at rest.
            authorize_use(signed_in_actor(request.user), action=Action.READ_AUDIT_HASHES)


class CheckpointView(LogView):
    """The newest checkpoint."""

    @extend_schema(operation_id="audit_checkpoint", responses={(200, "text/plain"): str, **PROBLEMS})
    def get(self, request: Request) -> HttpResponse:
        """Return the newest checkpoint, a signed note (C2SP tlog-checkpoint); 404 before the first seal."""
        note = log_checkpoint()
        if note is None:
            raise Http404
        return HttpResponse(note, content_type="text/plain; charset=utf-8")


class TileView(LogView):
    """One tile of the tree."""

    @extend_schema(
        operation_id="audit_tile",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **PROBLEMS},
    )
    def get(self, request: Request, tile: str) -> HttpResponse:
        """Return a tile's hashes (C2SP tlog-tiles: LEVEL/INDEX, with .p/WIDTH for a partial one)."""
        try:
            data = log_tile(f"tile/{tile}")
        except (TileInvalid, TileMissing):
            raise Http404 from None
        return HttpResponse(data, content_type="application/octet-stream")
