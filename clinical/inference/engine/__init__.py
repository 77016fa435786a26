"""The engine: a supervised process that owns the model, behind a Unix socket. It holds nothing between requests."""
