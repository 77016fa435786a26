"""One file an area: each looks at one thing, and says what it saw."""
