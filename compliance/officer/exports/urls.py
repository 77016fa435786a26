"""Addresses of the export API."""

from django.urls import path

from compliance.officer.exports import views

urlpatterns = [
    path("audit/exports", views.ExportsView.as_view(), name="audit-exports"),
    path("audit/exports/<str:export_id>", views.ExportView.as_view(), name="audit-export"),
    path(
        "audit/exports/<str:export_id>/approve",
        views.ExportApprovalView.as_view(),
        name="audit-export-approve",
    ),
    path(
        "audit/exports/<str:export_id>/package",
        views.ExportPackageView.as_view(),
        name="audit-export-package",
    ),
]
