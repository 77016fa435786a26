"""Addresses of the CDS services, and of the page that reviews their rules."""

from django.urls import path

from clinical.cds_services import review, views

urlpatterns = [
    path("cds-services", views.discovery, name="cds-services"),
    path("cds-services/<str:service_id>", views.call, name="cds-service"),
    path("cds-services/<str:service_id>/feedback", views.feedback, name="cds-feedback"),
    path("cds/rules", review.rules_page, name="cds-rules"),
    path("cds/rules/decide", review.decide, name="cds-rules-decide"),
    path("api/v1/cds-rules", review.RulesView.as_view(), name="cds-rules-api"),
]
