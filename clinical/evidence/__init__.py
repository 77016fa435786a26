"""Literature and guidelines: loaded, searched, cut into quotable passages."""
