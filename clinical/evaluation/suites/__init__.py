"""The suites: each runs a part of the product over a data set and returns its figures."""
