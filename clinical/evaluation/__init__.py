"""Suites that score any index, checker or model on data that others labelled."""
