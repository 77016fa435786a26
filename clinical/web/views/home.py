"""The first page: where each role begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from compliance.access.domain import Role
from compliance.access.models import signed_in_actor

# By address name. An administrator has no page of work yet, and gets one that says so.
FIRST_PAGE = {Role.CLINICIAN: "ask", Role.REVIEWER: "reviews", Role.COMPLIANCE_OFFICER: "audit"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send the account to its role's first page."""
    page = FIRST_PAGE.get(signed_in_actor(request.user).role)
    return redirect(page) if page else render(request, "web/administrator.html")
