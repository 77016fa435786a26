"""The append-only record of who did what; imports no other room."""
