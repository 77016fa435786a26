"""Every request to NCBI in the audit record, written before it is sent; every refusal of the guard, without the query."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from audit.domain import Event, Outcome
from audit.services import append
from clinical.evidence.sync.errors import QueryRefused
from clinical.evidence.sync.eutils.client import Outgoing
from compliance.access.domain import Action, Actor
from compliance.access.services import authorize_use, may, recorded_use

ACTION = Action.SYNC_EVIDENCE


@dataclass(frozen=True)
class AuditedSending:
    """The recorder of one actor's requests to one host."""

    actor: Actor
    host: str

    @contextmanager
    def __call__(self, outgoing: Outgoing) -> Iterator[None]:
        """Record the request, then let the block send it; record its failure too.

        The query is in the record because the officer must be able to say what left. Raises: AccessDenied,
        AuditUnavailable.
        """
        said: dict[str, object] = {"host": self.host, "tool": outgoing.tool}
        details = ("query", "since", "until", "size", "sha256")
        said |= {name: value for name in details if (value := getattr(outgoing, name))}
        with recorded_use(self.actor, action=ACTION, detail=said):
            yield


def check_may_sync(actor: Actor) -> None:
    """Raise AccessDenied, after it was recorded, where the role may not sync."""
    if not may(actor, ACTION):
        authorize_use(actor, action=ACTION)


def record_refusal(actor: Actor, refused: QueryRefused) -> None:
    """Record that the guard held a query back: how many findings, and nothing of the query."""
    append(
        Event(
            action=ACTION,
            outcome=Outcome.DENIED,
            actor=actor.username,
            role=actor.role,
            reason="egress-guard",
            detail={"size": len(refused.findings)},
        )
    )
