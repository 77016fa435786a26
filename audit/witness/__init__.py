"""Keeps checkpoints where the ledger's own database cannot reach them. No Django: a witness runs on another host."""
