"""Load the starter literature and guidelines into the index on disk."""

from django.core.management.base import BaseCommand

from config.loading import load_with_progress


class Command(BaseCommand):
    """`manage.py load_evidence`."""

    help = "Load the starter literature and guidelines. An interrupted load resumes; a complete one returns at once."

    def handle(self, *args: object, **options: object) -> None:
        """Load, and say what the index holds."""
        report = load_with_progress()
        self.stdout.write(
            f"{report.articles:,} articles and {report.guidelines} guideline sections "
            f"({report.without_abstract:,} articles without an abstract, {report.retracted} retracted, "
            f"{report.deleted} withdrawn)"
        )
