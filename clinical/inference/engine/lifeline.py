"""A child that does not outlive its parent."""

import ctypes
import signal

PR_SET_PDEATHSIG = 1  # prctl(2): a child gets this signal when its parent dies, however it dies


def die_with_parent() -> None:
    """Have this process terminated when its parent ends; for `preexec_fn`."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
