"""The transparency log under the ledger: Merkle tree, tiles, signed notes, checkpoints. No Django, no network, no clock."""
