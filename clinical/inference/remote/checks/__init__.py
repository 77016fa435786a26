"""What the start-up probe asks of a server, one idea a module."""
