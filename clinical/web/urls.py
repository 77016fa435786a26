"""Addresses of the pages."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from clinical.web.views import ask, calculators, home, reviews, source

urlpatterns = [
    path("", home.home, name="home"),
    path(
        "sign-in",
        LoginView.as_view(template_name="sign_in.html", redirect_authenticated_user=True),
        name="sign-in",
    ),
    # Public, so that signing out after the session has ended does not ask to sign in first.
    path("sign-out", login_not_required(LogoutView.as_view()), name="sign-out"),
    path("ask", ask.ask, name="ask"),
    path("ask/stream", ask.ask_stream, name="ask-stream"),
    path("calculators", calculators.calculators_page, name="calculators"),
    path("calculators/<str:name>", calculators.calculator_page, name="calculator"),
    path("source", source.source, name="source"),
    path("reviews", reviews.reviews, name="reviews"),
    path("reviews/<str:review_id>", reviews.review, name="review"),
    path("reviews/<str:review_id>/cancel", reviews.cancel, name="cancel-review"),
]
