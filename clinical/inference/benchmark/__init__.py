"""The engine against its peers, in one run: same file, same machine, same prompts. Ratios count, not figures."""
