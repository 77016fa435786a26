"""Texts as vectors: made from word stems, kept on disk, compared."""
