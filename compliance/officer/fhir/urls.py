"""Addresses of the record's FHIR door."""

from django.urls import path

from compliance.officer.fhir import views

urlpatterns = [
    path("AuditEvent", views.AuditEventsView.as_view(), name="fhir-audit-events"),
    path("AuditEvent/_search", views.AuditEventSearchView.as_view(), name="fhir-audit-search"),
]
