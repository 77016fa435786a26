"""What makes a source or a passage answer a question."""
