"""What may be asked, what is refused, and what is asked of the record itself."""
