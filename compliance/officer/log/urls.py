"""Addresses of the log's tree."""

from django.urls import path

from compliance.officer.log import views

urlpatterns = [
    path("checkpoint", views.CheckpointView.as_view(), name="audit-checkpoint"),
    path("tile/<path:tile>", views.TileView.as_view(), name="audit-tile"),
]
