"""Pages of the clinician and the reviewer."""
