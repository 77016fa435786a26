"""The TOML files that register models: read strictly, written whole."""
