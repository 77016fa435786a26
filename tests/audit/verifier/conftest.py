"""The verifier's tests use the ledger of the attacks."""

from tests.audit.attacks.conftest import ledger

__all__ = ["ledger"]
