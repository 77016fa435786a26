"""Literature reviews written in the background."""
