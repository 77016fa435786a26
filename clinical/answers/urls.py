"""Addresses of the question API."""

from django.urls import path

from clinical.answers import views

urlpatterns = [
    path("queries", views.QueriesView.as_view(), name="queries"),
    path("patients", views.PatientsView.as_view(), name="patients"),
    path("sources", views.SourcesView.as_view(), name="sources"),
]
