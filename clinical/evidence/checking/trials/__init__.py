"""What a trial found, read from its text."""
