"""A checkpoint folder in the layout of Hugging Face: its shape, its vocabulary, its weights."""
