"""BioGPT as a GGUF: names of tensors, the vocabulary in its metadata, llama.cpp's quantizer and logits."""
