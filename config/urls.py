"""Every address of the product."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("", include("clinical.web.urls")),
    path("", include("compliance.officer.urls")),
    path("audit/log/", include("compliance.officer.log.urls")),
    path("fhir/", include("compliance.officer.fhir.urls")),
    path("", include("clinical.monitoring.urls")),
    path("", include("ehr_integration.smart.urls")),
    path("", include("ehr_integration.doctor.urls")),
    path("", include("clinical.cds_services.urls")),
    path("api/v1/", include("clinical.answers.urls")),
    path("api/v1/", include("clinical.calculators.urls")),
    path("api/v1/", include("clinical.reviews.urls")),
    path("api/v1/", include("compliance.officer.exports.urls")),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
]
handler400 = "clinical.web.errors.bad_request"
handler403 = "clinical.web.errors.forbidden"
handler404 = "clinical.web.errors.not_found"
handler500 = "clinical.web.errors.server_error"
