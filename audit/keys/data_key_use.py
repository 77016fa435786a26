"""How often a data key was used: AES-GCM with random nonces allows 2^32 encryptions under one key."""

import itertools
import os

from audit.keys.errors import DataKeySpent

# NIST SP 800-38D, section 8.3: with random 96-bit nonces, no more than this under one key.
MAX_ENCRYPTIONS = 2**32


class DataKeyUse:
    """Counts the encryptions under one data key of one process. Threads may share it."""

    def __init__(self, key_id: str, *, limit: int = MAX_ENCRYPTIONS) -> None:
        self.key_id = key_id
        self._limit = limit
        self._process = os.getpid()
        # `next` on a count is one step under the interpreter's lock; a lock of ours could be held across a fork.
        self._uses = itertools.count()

    def count(self) -> None:
        """Count one encryption that is about to happen.

        Raises: DataKeySpent after the limit, or in a forked process, whose count would not be known here.
        """
        if os.getpid() != self._process:
            raise DataKeySpent(f"The data key {self.key_id} belongs to another process: take a new one")
        if next(self._uses) >= self._limit:
            raise DataKeySpent(f"The data key {self.key_id} was used {self._limit} times: take a new one")
