"""Emergency, intensive care, lungs, infection."""
