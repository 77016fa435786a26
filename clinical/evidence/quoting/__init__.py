"""How a text is cut into the pieces that may be quoted."""
