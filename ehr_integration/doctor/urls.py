"""Address of the doctor's page."""

from django.urls import path

from ehr_integration.doctor import views

urlpatterns = [path("ehr/doctor", views.doctor, name="ehr-doctor")]
