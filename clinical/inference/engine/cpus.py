"""How the engine uses the CPUs: llama.cpp's threads each keep one to itself, everything else goes where there is room."""

import os
from collections.abc import Mapping

# OpenMP's threads wait for each other hundreds of times for a token, spinning. Unbound, two of them may be put on
# one CPU, where the one that spins keeps the other from working: a busy machine became up to sixty times as slow.
# Bound, spinning costs little; after a third of a millisecond they sleep (docs/benchmarks.md).
STEADY_THREADS: Mapping[str, str] = {
    "OMP_PROC_BIND": "close",
    "OMP_PLACES": "threads",
    "GOMP_SPINCOUNT": "20000",
}


def usable_cpus() -> set[int]:
    """Return the CPUs that this process was started with: OpenMP binds the thread that loads it to one of them."""
    return os.sched_getaffinity(os.getppid())


def leave_bound_cpu() -> None:
    """Let this thread, and those it starts, run on every usable CPU again."""
    os.sched_setaffinity(0, usable_cpus())
