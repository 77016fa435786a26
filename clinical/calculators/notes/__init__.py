"""What a clinical note tells of a calculator's inputs, each with the words that say it."""
