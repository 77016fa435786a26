"""The local model, in a process of its own that forgets every request."""
