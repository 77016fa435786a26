"""What installing and locking Tacit needs."""
