"""MLLP: receiving messages, recording them, handing them on, and acknowledging them."""
