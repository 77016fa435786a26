"""llama.cpp through its low-level API. Only the engine process imports this."""
