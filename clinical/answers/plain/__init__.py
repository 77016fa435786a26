"""The same checked statements in words that a patient knows: terms replaced or explained, nothing added or left out."""
