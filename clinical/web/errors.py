"""What went wrong, as one page for people and one JSON document for the API; neither repeats what was sent."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from clinical.problems import MEDIA_TYPE, PROBLEMS, UNEXPECTED, Problem, problem_document, problem_of

EXPECTED = tuple(PROBLEMS)

BAD_REQUEST = Problem(
    400, "bad-request", "The request could not be read", "Check the address, or go back and try again."
)
TOO_LARGE = Problem(
    413,
    "too-large",
    "The request is too large",
    "A question has at most 2,000 characters. Shorten the text and send it again.",
)
FORBIDDEN = Problem(
    403,
    "forbidden",
    "Your account may not open this",
    "Its role does not include this. Sign in with an account whose role does.",
)
FORM_EXPIRED = Problem(
    403,
    "form-expired",
    "This form is no longer valid",
    "It was opened before you signed in, or cookies are blocked. Go back, reload the page and send it again.",
)
NOT_FOUND = Problem(
    404, "not-found", "There is no such page", "Check the address, or start from the first page."
)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def problems_shown(view: View[P]) -> View[P]:
    """Return the view, with every expected failure shown as a page with its status."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except EXPECTED as error:
            document = problem_document(error)
            return render(request, "problem.html", {"problem": document}, status=document["status"])

    return guarded


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read (400), or that is too large (413)."""
    return _told(request, TOO_LARGE if isinstance(exception, RequestDataTooBig) else BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what the account may not do (403)."""
    return _told(request, FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token: ask to sign in where the session has ended, and the token with it."""
    user = getattr(request, "user", None)
    if user is not None and not user.is_authenticated and request.path != reverse("sign-in"):
        return redirect_to_login(request.get_full_path())
    return _told(request, FORM_EXPIRED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere (404)."""
    return _told(request, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a failure that no view told, as the problem it is, else as a fault of ours (500)."""
    error = sys.exc_info()[1]
    problem = (problem_of(error) if isinstance(error, Exception) else None) or UNEXPECTED
    if _is_api(request):
        return _as_json(problem)
    # Without the request: what failed may be what the page's frame needs (session, database).
    page = render_to_string("problem.html", {"problem": problem.document()})
    return HttpResponse(page, status=problem.status)


def _told(request: HttpRequest, problem: Problem) -> HttpResponse:
    if _is_api(request):
        return _as_json(problem)
    return render(request, "problem.html", {"problem": problem.document()}, status=problem.status)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/fhir/", "/audit/log/"))


def _as_json(problem: Problem) -> HttpResponse:
    return JsonResponse(problem.document(), status=problem.status, content_type=MEDIA_TYPE)
