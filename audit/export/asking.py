"""What is asked for, as the manifest says it and the verifier recounts it."""

from typing import Any

from audit.ledger.header import timestamp
from audit.ledger.reading import Query, tokens_for


def stated(query: Query) -> dict[str, Any]:
    """Return the query with its blind tokens: one for each quarter. It names patients and users."""
    return {
        "since": timestamp(query.since),
        "until": timestamp(query.until),
        "values": dict(query.values),
        "tokens": {
            name: [token.hex() for token in tokens_for(name, value, query)]
            for name, value in query.values.items()
        },
        "outcomes": sorted(map(str, query.outcomes)),
        "emergency": query.emergency,
    }
