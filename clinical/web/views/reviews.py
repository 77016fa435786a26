"""Pages of literature reviews: start, watch, read, cancel."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.answers.asking.questions import LONGEST_QUESTION
from clinical.problems import problem_document
from clinical.reviews.domain import Review
from clinical.reviews.services import cancel_review, list_reviews, read_review, start_review
from clinical.reviews.tasks import enqueue_review
from clinical.web.errors import EXPECTED, problems_shown
from compliance.access.domain import Action, Actor
from compliance.access.models import signed_in_actor
from compliance.access.services import may
from compliance.errors import AccessDenied


@require_http_methods(["GET", "HEAD", "POST"])
@problems_shown
def reviews(request: HttpRequest) -> HttpResponseBase:
    """Show the account's reviews and the form; where a question was sent, start a review of it."""
    actor = signed_in_actor(request.user)
    question = request.POST.get("question", "").replace("\r\n", "\n")
    page: dict[str, Any] = {"question": question, "longest_question": LONGEST_QUESTION}
    try:
        if request.method == "POST":
            return redirect("review", _started(actor, question))
        if not may(actor, Action.REVIEW_LITERATURE):
            raise PermissionDenied
        page["reviews"] = list_reviews(actor)
    except AccessDenied:
        raise
    except EXPECTED as error:
        page["problem"] = problem_document(error)
    return render(request, "web/reviews.html", page, status=page.get("problem", {}).get("status", 200))


@require_safe
@problems_shown
def review(request: HttpRequest, review_id: str) -> HttpResponse:
    """Show how far the review is, and its result once it is done."""
    return _page(request, read_review(signed_in_actor(request.user), review_id))


@require_POST
@problems_shown
def cancel(request: HttpRequest, review_id: str) -> HttpResponseBase:
    """Stop the review, and show what became of it."""
    cancel_review(signed_in_actor(request.user), review_id)
    return redirect("review", review_id)


def _started(actor: Actor, question: str) -> str:
    review_id = start_review(actor, question=question)
    enqueue_review(review_id)
    return review_id


def _page(request: HttpRequest, found: Review) -> HttpResponse:
    page = {
        "review": found,
        "sections": _numbered_sections(found.result) if found.result else [],
        "expires_at": timezone.now() + timedelta(seconds=found.expires_in_seconds),
    }
    return render(request, "web/review.html", page)


def _numbered_sections(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the result's sections, each claim with the numbers of its references (from 1)."""
    numbers = {
        reference["source_id"]: number for number, reference in enumerate(result["references"], start=1)
    }
    return [
        {
            "heading": section["heading"],
            "claims": [
                (claim, [numbers[citation["source_id"]] for citation in claim["citations"]])
                for claim in section["claims"]
            ],
        }
        for section in result["sections"]
    ]
