"""Addresses of the review API."""

from django.urls import path

from clinical.reviews import views

urlpatterns = [
    path("reviews", views.ReviewsView.as_view(), name="reviews-api"),
    path("reviews/<str:review_id>", views.ReviewView.as_view(), name="review-api"),
]
