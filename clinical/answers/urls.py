"""Addresses of the question API."""

from django.urls import path

from clinical.answers import views
from clinical.answers.receipts.views import VerifyReceiptView

urlpatterns = [
    path("queries", views.QueriesView.as_view(), name="queries"),
    path("patients", views.PatientsView.as_view(), name="patients"),
    path("receipts/verify", VerifyReceiptView.as_view(), name="verify-receipt"),
    path("sources", views.SourcesView.as_view(), name="sources"),
]
