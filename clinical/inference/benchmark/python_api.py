"""The peer process around llama-cpp-python's `Llama`: a JSON request a line in, timings out."""

import json
import sys
import time
from typing import Any

from llama_cpp import Llama


def main() -> None:
    """Answer until the input ends."""
    file, context_tokens, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    model = Llama(file, n_ctx=context_tokens, n_threads=threads, n_threads_batch=threads, verbose=False)
    for line in sys.stdin:
        request = json.loads(line)
        timed = [_timed(model, request, question) for question in request["questions"]]
        sys.stdout.write(json.dumps(timed) + "\n")
        sys.stdout.flush()


def _timed(model: Llama, request: dict[str, Any], question: str) -> dict[str, float]:
    """Return the tokens after the first, their seconds, and the seconds to the first."""
    started_at = time.monotonic()
    first_at, tokens = 0.0, 0
    messages = [{"role": "system", "content": request["system"]}, {"role": "user", "content": question}]
    stream: Any = model.create_chat_completion(
        messages,  # type: ignore[arg-type]  # its type is a union of typed dictionaries
        max_tokens=request["tokens"],
        temperature=0,
        stream=True,
    )
    for chunk in stream:
        if "content" in chunk["choices"][0]["delta"]:
            first_at = first_at or time.monotonic()
            tokens += 1
    return {
        "tokens": tokens - 1,
        "seconds": time.monotonic() - first_at,
        "first_token_seconds": first_at - started_at,
    }


if __name__ == "__main__":
    main()
