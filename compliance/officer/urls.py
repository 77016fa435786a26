"""Addresses of the officer's pages."""

from django.urls import path

from compliance.officer import views

urlpatterns = [
    path("audit", views.audit, name="audit"),
    path("audit/download", views.download, name="audit-download"),
]
