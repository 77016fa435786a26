"""What randomised trials found: intervention, comparator, outcome, and the direction of the effect.

Source: DeYoung et al., Evidence Inference 2.0, BioNLP 2020 (arXiv:2005.04177).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clinical.evaluation.data.rows import Row, read_rows
from clinical.evaluation.errors import DataEmpty, DataInvalid

TRIALS = "trials as JSON Lines or CSV: intervention, comparator, outcome, label, abstract, evidence"

INCREASED = "increased"
DECREASED = "decreased"
NO_DIFFERENCE = "no significant difference"
NOT_REPORTED = "not reported"
LABELS = {
    **dict.fromkeys(("significantly increased", "significantly increase", "increased", "1"), INCREASED),
    **dict.fromkeys(("significantly decreased", "significantly decrease", "decreased", "-1"), DECREASED),
    **dict.fromkeys(("no significant difference", "no difference", "0"), NO_DIFFERENCE),
    "not reported": NOT_REPORTED,
}
# Prompts that the annotators of the original set rejected.
INVALID = {"invalid prompt", "invalid", "can't tell", "cannot tell", "cannot tell based on the abstract"}


@dataclass(frozen=True)
class Trial:
    """One comparison of a trial; several rows may come from one `article`."""

    id: str
    article: str
    title: str
    abstract: str
    intervention: str
    comparator: str
    outcome: str
    label: str
    quotes: tuple[str, ...]


def read_trials(path: Path) -> tuple[Trial, ...]:
    """Return the comparisons with a direction. Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty."""
    trials = tuple(_trials(path))
    if not trials:
        raise DataEmpty(path, "it holds no comparison with a direction")
    return trials


def _trials(path: Path) -> Iterator[Trial]:
    for row in read_rows(path, wanted=TRIALS):
        label = " ".join(row.text("label", "Label").lower().split())
        if label in INVALID:
            continue
        if label not in LABELS:
            raise DataInvalid(row.where, f"its label is none of {', '.join(sorted(LABELS))}")
        yield _trial(row, LABELS[label])


def _trial(row: Row, label: str) -> Trial:
    own = row.optional_text("_id", "id", "PromptID") or row.where
    return Trial(
        id=own,
        article=row.optional_text("pmcid", "PMCID", "pmid") or own,
        title=row.optional_text("title", "Title"),
        abstract=row.optional_text("abstract", "Abstract"),
        intervention=row.text("intervention", "Intervention"),
        comparator=row.text("comparator", "Comparator"),
        outcome=row.text("outcome", "Outcome"),
        label=label,
        quotes=_quotes(row),
    )


def _quotes(row: Row) -> tuple[str, ...]:
    """Return the quoted sentences: a list, or one text as the original's `Annotations`."""
    value = row.find("evidence", "Annotations")
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    return row.texts("evidence", "Annotations")
