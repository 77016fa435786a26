"""The starter evidence, loaded where a person waits for it."""

from django.core.management.base import CommandError
from tqdm import tqdm

from clinical.evidence.errors import EvidenceError
from clinical.evidence.loading import LoadReport
from clinical.evidence.services import load_evidence


def load_with_progress() -> LoadReport:
    """Load the starter evidence with a progress bar on standard error; return what the index holds.

    Raises: CommandError where the content is missing or the index is in use.
    """
    with tqdm(desc="Loading evidence", unit="B", unit_scale=True, delay=0.2) as bar:

        def show(read: int, total: int) -> None:
            bar.total = total
            bar.update(read - bar.n)

        try:
            return load_evidence(progress=show)
        except EvidenceError as error:
            raise CommandError(f"{error}. Run `make content` to unpack the starter content.") from error
