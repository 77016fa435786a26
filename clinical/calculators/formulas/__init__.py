"""The formulas, a file a topic: one function each, with its source, its range and what its number means."""
