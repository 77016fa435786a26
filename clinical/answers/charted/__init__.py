"""What the record lacks, what of its notes may be shown, and what a note tells a calculator."""
