"""Words that the templates of the room use."""
