"""The export API: ask, watch, approve, take away."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from compliance.access.models import signed_in_actor
from compliance.officer.exports.domain import ExportStatus
from compliance.officer.exports.serializers import ExportRequestSerializer, ExportSerializer
from compliance.officer.exports.services import (
    approve_export,
    export_document,
    list_exports,
    read_export,
    request_export,
    take_package,
)
from compliance.officer.exports.tasks import enqueue_export
from compliance.officer.serializers import AuditProblemSerializer

PROBLEMS = dict.fromkeys((403, 404, 409, 422, 503), AuditProblemSerializer)


class ExportsView(APIView):
    """Exports of the record."""

    @extend_schema(operation_id="audit_exports", responses={200: ExportSerializer(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """List your exports, those you approved, and those that wait for a second officer, newest first."""
        exports = list_exports(signed_in_actor(request.user))
        return Response([export_document(export) for export in exports])

    @extend_schema(
        operation_id="audit_export",
        request=ExportRequestSerializer,
        responses={202: ExportSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Ask for an export; watch it at the address in `Location`. A large one waits for another officer."""
        body = ExportRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        export = request_export(signed_in_actor(request.user), body.selection())
        if export.status == ExportStatus.QUEUED:
            enqueue_export(export)
        location = request.build_absolute_uri(f"/api/v1/audit/exports/{export.id}")
        return Response(export_document(export), status=202, headers={"Location": location})


class ExportView(APIView):
    """One export."""

    @extend_schema(operation_id="audit_export_status", responses={200: ExportSerializer, **PROBLEMS})
    def get(self, request: Request, export_id: str) -> Response:
        """Return what was asked for and where it stands."""
        return Response(export_document(read_export(signed_in_actor(request.user), export_id)))


class ExportApprovalView(APIView):
    """The second officer's word."""

    @extend_schema(
        operation_id="approve_audit_export", request=None, responses={202: ExportSerializer, **PROBLEMS}
    )
    def post(self, request: Request, export_id: str) -> Response:
        """Approve another officer's export, which is then written."""
        export = approve_export(signed_in_actor(request.user), export_id)
        enqueue_export(export)
        return Response(export_document(export), status=202)


class ExportPackageView(APIView):
    """The package."""

    @extend_schema(
        operation_id="audit_export_package",
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **PROBLEMS},
    )
    def get(self, request: Request, export_id: str) -> StreamingHttpResponse:
        """Return the package as a .zip, to the officer who asked for it or the one who approved it."""
        pieces = take_package(signed_in_actor(request.user), export_id)
        return StreamingHttpResponse(
            _streamed(pieces),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="tacit-audit-{export_id}.zip"'},
        )


async def _streamed(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Read and decrypt in a thread; the server's loop never waits for the disk."""
    while piece := await sync_to_async(_next)(pieces):
        yield piece


def _next(pieces: Iterator[bytes]) -> bytes:
    return next(pieces, b"")
