"""The normalised chart that everything above reads."""
