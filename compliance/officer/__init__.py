"""What the compliance officer sees and exports."""
