"""Numbers in clinical texts: how they are written, and what they count."""
