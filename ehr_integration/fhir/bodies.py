"""A body that is read no further than its limit, and no longer than its deadline."""

from collections.abc import Iterable

from ehr_integration.fhir.deadline import Deadline


def bounded(chunks: Iterable[bytes], *, limit: int, deadline: Deadline) -> bytes | None:
    """Return the whole body; None where it is larger than the limit, in bytes. Raises: EhrTimeout."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        deadline.remaining()
        if len(body) > limit:
            return None
    return bytes(body)
