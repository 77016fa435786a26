"""What is counted while a package is written: for the manifest, and for its cover."""

from collections import Counter
from dataclasses import dataclass, field

from audit.balp.documents import event_of
from audit.ledger.reading import Opened


@dataclass
class Counts:
    """Entries of the range, and events among them by action, outcome and day (UTC)."""

    entries: int = 0
    purged: int = 0
    events: int = 0
    shredded: int = 0
    emergencies: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)

    def add(self, opened: Opened) -> None:
        """Count an event that matches."""
        event = event_of(opened.document)
        self.events += 1
        self.shredded += opened.is_shredded
        self.emergencies += opened.entry.emergency
        self.actions[event.action] += 1
        self.outcomes[event.outcome.value] += 1
        self.days[opened.document["recorded"][:10]] += 1
