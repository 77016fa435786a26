"""The ledger: encrypted entries, their seals, and the keys that open them. Only `audit.services` is for others."""
