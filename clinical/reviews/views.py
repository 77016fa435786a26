"""The review API: start, watch, cancel."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from clinical.answers.serializers import ProblemSerializer
from clinical.reviews.serializers import ReviewRequestSerializer, ReviewSerializer
from clinical.reviews.services import cancel_review, list_reviews, read_review, start_review
from clinical.reviews.tasks import enqueue_review
from compliance.access.models import signed_in_actor

PROBLEMS = dict.fromkeys((403, 404, 422, 503), ProblemSerializer)


class ReviewThrottle(UserRateThrottle):
    """Reviews that one account starts; watching them is free."""

    scope = "reviews"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count only what starts work."""
        return request.method != "POST" or super().allow_request(request, view)


class ReviewsView(APIView):
    """Reviews of the caller."""

    throttle_classes = (ReviewThrottle,)

    @extend_schema(operation_id="reviews", responses={200: ReviewSerializer(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """List your reviews, newest first."""
        return Response([asdict(review) for review in list_reviews(signed_in_actor(request.user))])

    @extend_schema(
        operation_id="review", request=ReviewRequestSerializer, responses={202: ReviewSerializer, **PROBLEMS}
    )
    def post(self, request: Request) -> Response:
        """Start a review; watch it at the address in `Location`."""
        body = ReviewRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        actor = signed_in_actor(request.user)
        review_id = start_review(actor, question=body.validated_data["question"])
        enqueue_review(review_id)
        location = request.build_absolute_uri(f"/api/v1/reviews/{review_id}")
        return Response(asdict(read_review(actor, review_id)), status=202, headers={"Location": location})


class ReviewView(APIView):
    """One review of the caller."""

    @extend_schema(operation_id="review_status", responses={200: ReviewSerializer, **PROBLEMS})
    def get(self, request: Request, review_id: str) -> Response:
        """Return how far the review is, and its result once it is done."""
        return Response(asdict(read_review(signed_in_actor(request.user), review_id)))

    @extend_schema(operation_id="cancel_review", responses={200: ReviewSerializer, **PROBLEMS})
    def delete(self, request: Request, review_id: str) -> Response:
        """Cancel the review."""
        return Response(asdict(cancel_review(signed_in_actor(request.user), review_id)))
