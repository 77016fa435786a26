"""The keys under the ledger: who holds the key-encryption key, the signing key, the officer's keys, escrow.

Secrets are plain bytes in this package. They appear in no repr, no message and no log line, and no class wraps
them: `bytes` cannot be erased in Python, so a wrapper would promise what it does not keep.
"""
