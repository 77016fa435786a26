"""BioGPT in llama.cpp: a Hugging Face checkpoint becomes a GGUF, and its tokenizer runs outside of llama.cpp."""
