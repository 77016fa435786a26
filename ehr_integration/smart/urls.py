"""Addresses that are registered with EHRs."""

from django.urls import path

from ehr_integration.smart import views

urlpatterns = [
    path("smart/launch", views.launch, name="smart-launch"),
    path("smart/start/<str:name>", views.start, name="smart-start"),
    path("smart/callback", views.callback, name="smart-callback"),
    path(".well-known/jwks.json", views.key_set, name="client-keys"),
]
