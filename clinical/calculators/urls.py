"""Addresses of the calculators' API."""

from django.urls import path

from clinical.calculators import views

urlpatterns = [
    path("calculators", views.CalculatorsView.as_view(), name="calculators-api"),
    path("calculators/<str:name>", views.CalculatorView.as_view(), name="calculator-api"),
]
