"""A query taken to pieces: its terms, the words that it may hold, and what tells of a person by its form."""
