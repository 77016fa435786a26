"""Write a literature review and print it."""

import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from clinical.reviews.domain import Review, ReviewStatus
from clinical.reviews.services import cancel_review, read_review, start_review
from clinical.reviews.tasks import enqueue_review
from compliance.access.domain import Actor
from config import stack
from config.commands import ActingCommand, problems_told
from config.loading import load_with_progress

SECONDS_BETWEEN_LOOKS = 0.3


class Command(ActingCommand):
    """`manage.py review "question"`."""

    help = "Write a cited synthesis of the best 20 articles, in the background worker. Ctrl-C cancels it."
    demo_account = "ravi"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument("question")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the review, show its progress, print its result."""
        with problems_told(self, as_json=options["json"]):
            actor = self.actor(options["username"])
            load_with_progress()
            with stack.for_reviews():
                review_id = start_review(actor, question=options["question"])
                enqueue_review(review_id)
                review = self._watched(actor, review_id)
        if review.status is not ReviewStatus.DONE or review.result is None:
            raise CommandError(f"The review ended as {review.status}: see the worker's log")
        if options["json"]:
            self.write_json(asdict(review))
        else:
            self._show(review.result)

    def _watched(self, actor: Actor, review_id: str) -> Review:
        with tqdm(desc="Reading articles", unit="article", delay=0.2) as bar:
            try:
                while not (review := read_review(actor, review_id)).status.is_final:
                    bar.total = review.total or None
                    bar.update(review.done - bar.n)
                    time.sleep(SECONDS_BETWEEN_LOOKS)
            except KeyboardInterrupt:
                return cancel_review(actor, review_id)
        return review

    def _show(self, result: dict[str, Any]) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(result["question"]))
        self.stdout.write(result["summary"])
        numbers = {source["source_id"]: number for number, source in enumerate(result["references"], start=1)}
        for section in result["sections"]:
            self.stdout.write(self.style.MIGRATE_HEADING(f"\n{section['heading']}"))
            for claim in section["claims"]:
                citation = claim["citations"][0]
                self.stdout.write(f"* {claim['text']} [{numbers[citation['source_id']]}]")
        self.stdout.write(self.style.MIGRATE_HEADING("\nReferences"))
        for source_id, number in numbers.items():
            source = result["references"][number - 1]
            self.stdout.write(f"[{number}] {source['title']} ({source['year']}) {source_id}")
        self.stdout.write(f"\n{result['limits']}")
