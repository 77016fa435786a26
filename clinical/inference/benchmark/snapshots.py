"""What the snapshot of the fixed prompt saves: seconds to the first token with it and without, at the bedside."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from clinical.inference.benchmark.prompts import SYSTEM, shared_text
from clinical.inference.domain import BedsideDraft, Limits, PublicMessage, PublicText
from clinical.inference.draining import drained
from clinical.inference.llama.bedside import BedsideLane
from clinical.inference.llama.prompts import Prompts
from clinical.inference.llama.weights import Weights
from clinical.inference.templates import TEMPLATES

REPEATS = 5


def main() -> None:
    """Print both medians, in seconds, as JSON."""
    file, template, context_tokens, threads = sys.argv[1:]
    weights = Weights(Path(file))
    prompts = Prompts(weights, TEMPLATES[template], context_tokens=int(context_tokens))
    lanes = {
        name: BedsideLane(
            weights, prompts, context_tokens=int(context_tokens), threads=int(threads), snapshots=keeps
        )
        for name, keeps in (("with", True), ("without", False))
    }
    times = {name: list(_first_token_seconds(lane)) for name, lane in lanes.items()}
    # The first one of each has nothing to restore.
    sys.stdout.write(json.dumps({name: median(seconds[1:]) for name, seconds in times.items()}))


def _first_token_seconds(lane: BedsideLane) -> Iterator[float]:
    fixed = (PublicMessage("system", PublicText(f"{SYSTEM} {shared_text(0)}")),)
    for number in range(REPEATS + 1):
        asked = (PublicMessage("user", PublicText(f"Tell the story number {number}.")),)
        draft = BedsideDraft(fixed=fixed, messages=asked, limits=Limits(max_tokens=2, deadline_seconds=600.0))
        yield drained(lane.write(draft, check=lambda: None), lambda _piece: None).seconds_to_first_token
        lane.prepare()


if __name__ == "__main__":
    main()
