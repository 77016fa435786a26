"""What a GGUF file says about itself."""
