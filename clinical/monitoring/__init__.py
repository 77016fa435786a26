"""What a monitoring system may read: counts and durations, never text."""
