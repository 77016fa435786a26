"""Rows that the checker's trained model has learned from: figures over them say too much."""

from collections.abc import Iterable

from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.seen import count_seen
from config.subcommand import Output


def seen_figures(asked: Iterable[str], output: Output) -> Figures:
    """Return how many of the claims or questions the model was trained on; a note says so where there are any."""
    seen = count_seen(asked)
    if seen:
        output.note(
            f"The checker's model was trained on {seen} of these rows, so these figures are optimistic. "
            "docs/claim-checking.md has the cross-validated ones"
        )
    return {"seen_in_training": seen}
