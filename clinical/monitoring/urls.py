"""Address of the metrics, where Prometheus looks for them by default."""

from django.urls import path

from clinical.monitoring import views

urlpatterns = [path("metrics", views.MetricsView.as_view(), name="metrics")]
