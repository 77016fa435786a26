"""The engine interface over an OpenAI-compatible server, for hospitals whose model runs on another machine."""
