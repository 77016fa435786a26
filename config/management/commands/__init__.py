"""The command-line doors; each file is a command of its name."""
