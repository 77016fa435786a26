"""A file read by a process of its own, a batch ahead of whoever uses its records: half the time on two cores."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.readers import read_records
from clinical.evidence.readers.formats import Format
from clinical.evidence.readers.opening import opened
from clinical.evidence.readers.records import Reading, Record

# A smaller file is read before a process has started.
LEAST_BYTES = 2_000_000
_BATCH = 200
_READER = (
    "import sys; from clinical.evidence.readers.ahead import send_records; send_records(int(sys.argv[1]))"
)

# A record, and how many bytes of the file were read by then.
Placed = tuple[Record, int]


def read_placed(reading: Reading, file_format: Format, *, skip: int = 0) -> Generator[Placed, None, None]:
    """Yield the file's records after the first `skip`, in their order; close it when enough came.

    Raises: CorpusUnreadable.
    """
    is_large = reading.path.is_file() and reading.path.stat().st_size >= LEAST_BYTES
    return (_read_ahead if is_large else _read_here)(reading, file_format, skip)


def _read_here(reading: Reading, file_format: Format, skip: int) -> Generator[Placed, None, None]:
    with opened(reading.path) as stream:
        for record in islice(read_records(stream, reading, file_format), skip, None):
            yield record, stream.position


def _read_ahead(reading: Reading, file_format: Format, skip: int) -> Generator[Placed, None, None]:
    ours, theirs = Pipe()
    # Neither forked (the index's threads hold locks) nor spawned (that runs the caller's script once more).
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", _READER, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    theirs.close()
    # The connection is closed before the process is waited for: that is what ends it when nobody wants more.
    with process, ours:
        ours.send((reading, file_format, skip))
        while batch := _receive(ours, reading):
            yield from batch


def _receive(ours: Connection, reading: Reading) -> list[Placed]:
    """Return the next records, none at the end. Raises: CorpusUnreadable."""
    try:
        batch, failure = ours.recv()
    except (EOFError, ConnectionError):
        raise CorpusUnreadable(
            reading.path, "the process that read it was ended", fix="Run the same command again."
        ) from None
    if failure:
        raise CorpusUnreadable(*failure[:2], fix=failure[2])
    placed: list[Placed] = batch
    return placed


def send_records(descriptor: int) -> None:
    """Read what is asked for on the connection; send batches, then an empty one, alone or with what is wrong."""
    # Ctrl-C is for the process that was started by a person; this one ends when nobody listens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(descriptor) as theirs, suppress(EOFError, ConnectionError):
        reading, file_format, skip = theirs.recv()
        try:
            for batch in _batches(reading, file_format, skip):
                theirs.send((batch, None))
            theirs.send(([], None))
        except CorpusUnreadable as error:
            theirs.send(([], (error.path, error.what, error.fix)))


def _batches(reading: Reading, file_format: Format, skip: int) -> Iterator[list[Placed]]:
    batch: list[Placed] = []
    try:
        for placed in _read_here(reading, file_format, skip):
            batch.append(placed)
            if len(batch) == _BATCH:
                yield batch
                batch = []
    except CorpusUnreadable:
        # What was read before the damage counts, as it does where no process is between.
        yield batch
        raise
    if batch:
        yield batch
