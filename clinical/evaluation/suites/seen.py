"""Which rows the checker's trained model has learned from, by their fingerprints."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import clinical.evidence
from clinical.evidence.checking.pairs import fingerprint

CHECKER = Path(clinical.evidence.__file__).parent / "trained" / "checker.json"


def count_seen(asked: Iterable[str], *, checker: Path = CHECKER) -> int:
    """Return how many of the claims or questions stand in the model's `trained_on`; 0 where there is no model."""
    try:
        trained_on = json.loads(checker.read_text(encoding="utf-8")).get("trained_on", [])
    except FileNotFoundError:
        return 0
    known = frozenset(_fingerprints(trained_on))
    return sum(fingerprint(each) in known for each in asked)


def _fingerprints(trained_on: object) -> Iterator[str]:
    """Yield the fingerprints, which may be grouped by task."""
    if isinstance(trained_on, str):
        yield from trained_on.split()
    for each in trained_on.values() if isinstance(trained_on, dict) else ():
        yield from _fingerprints(each)
    for each in trained_on if isinstance(trained_on, list) else ():
        yield from _fingerprints(each)
