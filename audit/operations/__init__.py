"""What those who run the ledger do with it, for the commands: seal, look, rotate, forget, purge, restore."""
