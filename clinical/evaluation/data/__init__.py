"""Readers of the data sets: one file a form, each row checked where it is read."""
