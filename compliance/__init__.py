"""Who may see what, and why."""
