"""Measures the ledger on databases of its own, beside what others do: one run, the same machine, the same load."""
