"""Which models may run here: what each is, where it came from, and the hash its file must have."""
