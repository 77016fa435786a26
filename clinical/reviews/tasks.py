"""The queue's door to reviews: a task carries an id and nothing else."""

from celery import shared_task
from kombu.exceptions import OperationalError

from clinical.errors import QueueUnavailable
from clinical.reviews.services import fail_unqueued, write_review


@shared_task(name="reviews.write", acks_late=True)
def write_review_job(review_id: str) -> None:
    """Write the review with this id."""
    write_review(review_id)


def enqueue_review(review_id: str) -> None:
    """Hand the review to a worker. Raises: QueueUnavailable, and the review is then marked as failed."""
    try:
        write_review_job.delay(review_id)
    except OperationalError as error:
        fail_unqueued(review_id)
        raise QueueUnavailable("The broker does not answer") from error
