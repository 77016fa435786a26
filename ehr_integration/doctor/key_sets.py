"""How many keys of a set a token could be checked with; fetched anew, so that a repair shows at once."""

from collections.abc import Collection

from ehr_integration.doctor.replies import Reply
from ehr_integration.jws.errors import TokenInvalid
from ehr_integration.jws.key_sets import KeySet


def usable_keys(reply: Reply, *, algorithms: Collection[str]) -> int:
    """Return how many keys of the JWKS that came have an id and fit one of the algorithms."""
    keys = KeySet.of(reply.document)
    return sum(any(_fits(keys, key.get("kid"), each) for each in algorithms) for key in keys.keys)


def _fits(keys: KeySet, key_id: object, algorithm: str) -> bool:
    try:
        return isinstance(key_id, str) and key_id != "" and bool(keys.key(key_id, algorithm))
    except TokenInvalid:
        return False
