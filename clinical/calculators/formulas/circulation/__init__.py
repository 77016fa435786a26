"""Heart, vessels, clots and bleeding."""
