"""Runs the comparison and returns the ratios; null where a peer is absent."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from clinical.inference.benchmark.peers import PROJECT, Peer, Timed, llama_server, our_engine, python_api
from clinical.inference.benchmark.prompts import batch_questions, single_question
from clinical.inference.engine.cpus import STEADY_THREADS
from clinical.inference.registry.domain import RegisteredModel

DECODE_TOKENS = 128
BATCH_REQUESTS = 8
BATCH_TOKENS = 64

Progress = Callable[[str], None]


def run_benchmark(
    model: RegisteredModel,
    *,
    engine_arguments: Sequence[str],
    threads: int,
    server_binary: Path | None,
    rounds: int,
    on_progress: Progress,
) -> dict[str, Any]:
    """Return ratios (above 1: we are faster) and the figures behind them, medians over the rounds.

    Everyone is measured in every round, one after the other, so that a busy moment hits all alike.
    """
    with ExitStack() as stack:
        peers: dict[str, Peer] = {
            "engine": stack.enter_context(our_engine(model, engine_arguments)),
            "llama_cpp_python": stack.enter_context(python_api(model, threads)),
        }
        if server_binary is not None:
            server = llama_server(server_binary, model, threads=threads, slots=BATCH_REQUESTS)
            peers["llama_server"] = stack.enter_context(server)
        for peer in peers.values():
            peer.decode(single_question(-1), tokens=8)
        decode = _measured(peers, rounds, on_progress, "decoding", _decode)
        batch = _measured(peers, rounds, on_progress, "batch", _batch)
    on_progress("snapshots")
    return {
        "model": model.id,
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} CPUs, {threads} threads",
        "rounds": rounds,
        **_compared(decode, batch, _snapshots(model, threads)),
    }


def _compared(
    decode: dict[str, list[float]], batch: dict[str, list[float]], snapshots: dict[str, float]
) -> dict[str, Any]:
    return {
        "decode_vs_llama_cpp_python": _ratio(decode, "llama_cpp_python"),
        "decode_vs_llama_server": _ratio(decode, "llama_server"),
        "batch_vs_sequential": _ratio(batch, "llama_cpp_python"),
        "batch_vs_llama_server": _ratio(batch, "llama_server"),
        "snapshot_ttft_ratio": snapshots["with"] / snapshots["without"],
        "decode_tokens_per_second": {name: median(rates) for name, rates in decode.items()},
        "batch_tokens_per_second": {name: median(rates) for name, rates in batch.items()},
        "snapshot_ttft_seconds": snapshots,
    }


def _decode(peer: Peer, round_number: int) -> Timed:
    return peer.decode(single_question(round_number), tokens=DECODE_TOKENS)


def _batch(peer: Peer, round_number: int) -> Timed:
    return peer.batch(batch_questions(round_number, requests=BATCH_REQUESTS), tokens=BATCH_TOKENS)


def _measured(
    peers: dict[str, Peer],
    rounds: int,
    on_progress: Progress,
    what: str,
    measure: Callable[[Peer, int], Timed],
) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {name: [] for name in peers}
    for round_number in range(rounds):
        for name, peer in peers.items():
            on_progress(f"{what}, round {round_number + 1} of {rounds}: {name}")
            rates[name].append(measure(peer, round_number).tokens_per_second)
    return rates


def _ratio(rates: dict[str, list[float]], peer: str) -> float | None:
    """Return the median over the rounds of how many times as fast we were."""
    if peer not in rates:
        return None
    return median(ours / theirs for ours, theirs in zip(rates["engine"], rates[peer], strict=True))


def _snapshots(model: RegisteredModel, threads: int) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "clinical.inference.benchmark.snapshots",
        str(model.file),
        model.template,
    ]
    done = subprocess.run(  # noqa: S603 - our own command line
        [*command, str(model.context_tokens), str(threads)],
        cwd=PROJECT,
        env={**os.environ, **STEADY_THREADS},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds: dict[str, float] = json.loads(done.stdout)
    return seconds
